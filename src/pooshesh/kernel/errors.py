"""Bad input, told to a person as a sentence: what was read and what is expected.

A module registers its English sentences once with `explain`; the Persian ones live in the room's
`locale/fa`. `Invalid` keeps a code for programs and the facts for the sentence, so the same error
can be stored, counted, and shown later in either language.
"""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import get_language, gettext

from pooshesh.kernel.text import speaks_persian, to_persian_digits

_SENTENCES: dict[str, str] = {}


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogue. Django's own asks for settings when a module loads, and
    pure rooms load without them."""
    return message


def explain(sentences: Mapping[str, str]) -> None:
    """Register code → English sentence with %(name)s places, marked with the `gettext_noop` above.

    Raises ValueError if a code is already taken.
    """
    taken = _SENTENCES.keys() & sentences.keys()
    if taken:
        raise ValueError(f"error codes registered twice: {sorted(taken)}")
    _SENTENCES.update(sentences)


class Invalid(ValueError):
    """Input that is refused. `code` is registered with `explain`; `params` fill its sentence: what
    was read as text, numbers as int, amounts as Rial, days we name ourselves as date, a list as a
    tuple.

    Raises KeyError when the code is not registered: a sentence nobody wrote is our own mistake.
    """

    def __init__(self, code: str, /, **params: object) -> None:
        self.code = code
        self.params = params
        self._english = _SENTENCES[code]
        super().__init__(code, params)

    def __str__(self) -> str:
        """English, for logs and test output; `message` is what people see."""
        return self._english % self._written(persian=False)

    def message(self) -> str:
        """The sentence in the active language, with that language's digits and commas."""
        written = self._written(persian=speaks_persian(get_language()))
        return gettext(self._english) % written

    def _written(self, *, persian: bool) -> dict[str, object]:
        return {name: _write(value, persian=persian) for name, value in self.params.items()}


def _write(value: object, *, persian: bool) -> object:
    if isinstance(value, tuple):
        return ("، " if persian else ", ").join(map(str, value))
    if isinstance(value, dt.date):
        from pooshesh.kernel.calendar import format_jalali  # it raises Invalid itself

        return format_jalali(value, lang="fa" if persian else "en")
    if type(value).__name__ == "Rial":  # it raises Invalid itself
        from pooshesh.kernel.money import Rial, format_rial

        assert isinstance(value, Rial)
        return format_rial(value, "fa" if persian else "en")
    if persian and isinstance(value, int):
        return to_persian_digits(str(value))
    if persian and isinstance(value, str) and value.startswith(("-", "+")):
        return f"\u200e{value}"  # the sign stays left of its number
    return value
