"""Column types PostgreSQL has and Django lacks."""

from typing import Any

from django.db import models
from django.db.models.lookups import PostgresOperatorLookup


class PathField(models.Field):  # type: ignore[type-arg]
    """An area's place in the tree as an `ltree`, e.g. `ir.p23.c2301`.

    `__within="ir.p23"` finds the area and everything below it by the GiST index.
    """

    description = "ltree path"

    def db_type(self, connection: Any) -> str:
        return "ltree"

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else str(value)


@PathField.register_lookup
class Within(PostgresOperatorLookup):
    """`path <@ ancestor`."""

    lookup_name = "within"
    postgres_operator = "<@"

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        sql, params = super().process_rhs(compiler, connection)
        return f"{sql}::ltree", params
