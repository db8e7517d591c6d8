"""A question may take so long and no longer."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from pooshesh.kernel.errors import Invalid, explain, gettext_noop

MILLISECONDS = 5_000

explain(
    {
        "asking.slow": gettext_noop(
            "The answer took longer than %(seconds)s seconds and was stopped. Ask for fewer months,"
            " for one dimension less, or for areas within one province."
        )
    }
)


@contextmanager
def no_longer_than(milliseconds: int | None = None) -> Iterator[None]:
    """Each statement inside is stopped after so long (default: `MILLISECONDS`).

    Raises Invalid `asking.slow` then. The limit ends with the block.
    """
    limit = MILLISECONDS if milliseconds is None else milliseconds
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('statement_timeout', %s, true)", [str(limit)])
            yield
            cursor.execute("set local statement_timeout = default")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise Invalid("asking.slow", seconds=max(limit // 1000, 1)) from error
        raise
