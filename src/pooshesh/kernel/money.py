"""Money as whole rials: papers speak rial, people toman (1 toman = 10 rial).

Nothing here touches a float, and a `Rial` mixes with no bare number: adding 5 to an amount does
not say five of what. A rial redenomination has been legislated; amounts here are today's rial.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean, format_int, speaks_persian, to_latin_digits

Unit = Literal["rial", "toman"]

RIALS_PER_TOMAN = 10
# A PostgreSQL bigint: 920,000 hemat.
LARGEST = 2**63 - 1

explain(
    {
        "money.empty": gettext_noop("No amount was given."),
        "money.unreadable": gettext_noop(
            "“%(read)s” is not an amount; expected digits such as 12,000,000."
        ),
        "money.decimal": gettext_noop(
            "“%(read)s” has a decimal point; expected a whole number, thousands separated by"
            " commas."
        ),
        # Two sentences: the name of a unit inside one would need a translation of its own.
        "money.unit_is_rial": gettext_noop(
            "“%(read)s” names toman; this amount is expected in rial."
        ),
        "money.unit_is_toman": gettext_noop(
            "“%(read)s” names rial; this amount is expected in toman."
        ),
        "money.too_large": gettext_noop("“%(read)s” is larger than any amount that can be kept."),
        "money.no_weights": gettext_noop(
            "An amount cannot be split: expected at least one share above zero and none below."
        ),
    }
)


@dataclass(frozen=True, order=True, slots=True)
class Rial:
    """An exact amount, negative allowed. Adds to and subtracts from Rial, multiplies by int.

    Raises TypeError for anything that is not an int, Invalid("money.too_large") beyond a bigint.
    """

    amount: int

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"Rial takes an int, not {type(self.amount).__name__}")
        if abs(self.amount) > LARGEST:
            raise Invalid("money.too_large", read=self.amount)

    def __add__(self, other: "Rial") -> "Rial":
        return Rial(self.amount + other.amount) if isinstance(other, Rial) else NotImplemented

    def __sub__(self, other: "Rial") -> "Rial":
        return Rial(self.amount - other.amount) if isinstance(other, Rial) else NotImplemented

    def __mul__(self, times: int) -> "Rial":
        return Rial(self.amount * times) if type(times) is int else NotImplemented

    __rmul__ = __mul__

    def __neg__(self) -> "Rial":
        return Rial(-self.amount)

    def __bool__(self) -> bool:
        return self.amount != 0


def total(amounts: Iterable[Rial]) -> Rial:
    """The sum, Rial(0) of none."""
    return sum(amounts, start=Rial(0))


def from_toman(toman: int) -> Rial:
    return Rial(toman) * RIALS_PER_TOMAN


_UNIT_WORDS: dict[str, Unit] = {
    "ریال": "rial", "ريال": "rial", "rial": "rial", "rials": "rial", "irr": "rial",
    "تومان": "toman", "تومن": "toman", "toman": "toman", "tomans": "toman",
}  # fmt: skip
_UNIT_AT_END = re.compile(rf"\s*({'|'.join(_UNIT_WORDS)})$", re.IGNORECASE)
_WHOLE = re.compile(r"\d+|\d{1,3}(?:[,٬،'\s]\d{3})+", re.ASCII)
_DECIMAL = re.compile(r"[\d,٬،]*[./٫]\d+", re.ASCII)


def parse_amount(text: str, unit: Unit) -> Rial:
    """Read an amount typed in `unit`, in any digit set, with or without thousands separators.

    A unit written after it must be the expected one. Decimals and signs are refused: 12.000 is
    twelve to one reader and twelve thousand to another. Raises Invalid with a money.* code.
    """
    typed = clean(text)
    plain = to_latin_digits(typed)
    named = _UNIT_AT_END.search(plain)
    if named:
        if _UNIT_WORDS[named[1].lower()] != unit:
            raise Invalid(f"money.unit_is_{unit}", read=typed)
        plain = plain[: named.start()]
    if not plain:
        raise Invalid("money.empty")
    if _DECIMAL.fullmatch(plain):
        raise Invalid("money.decimal", read=typed)
    if not _WHOLE.fullmatch(plain):
        raise Invalid("money.unreadable", read=typed)
    digits = re.sub(r"\D", "", plain)
    if len(digits.lstrip("0")) > len(str(LARGEST)):
        raise Invalid("money.too_large", read=typed)
    return from_toman(int(digits)) if unit == "toman" else Rial(int(digits))


_ONES_FA = ("", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده",
            "دوازده", "سیزده", "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده")  # fmt: skip
_TENS_FA = ("", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")
_HUNDREDS_FA = ("", "یکصد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد")
# No trillion: budgets are spoken in «هزار میلیارد».
_SCALES_FA = ((10**9, "میلیارد"), (10**6, "میلیون"), (10**3, "هزار"))

_ONES_EN = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
            "eighteen", "nineteen")  # fmt: skip
_TENS_EN = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES_EN = ((10**18, "quintillion"), (10**15, "quadrillion"), (10**12, "trillion"),
              (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))  # fmt: skip


def in_words_fa(number: int) -> str:
    """A whole number in Persian as written on a cheque: 1200000 → «یک میلیون و دویست هزار»."""
    if number < 0:
        return f"منفی {in_words_fa(-number)}"
    return " و ".join(_parts_fa(number)) or "صفر"


def _parts_fa(number: int) -> list[str]:
    for scale, name in _SCALES_FA:
        if number >= scale:
            count, rest = divmod(number, scale)
            return [f"{in_words_fa(count)} {name}", *_parts_fa(rest)]
    hundreds, rest = divmod(number, 100)
    tens, ones = (0, rest) if rest < 20 else divmod(rest, 10)
    return [word for word in (_HUNDREDS_FA[hundreds], _TENS_FA[tens], _ONES_FA[ones]) if word]


def in_words_en(number: int) -> str:
    """A whole number in English: 1200000 → "one million two hundred thousand"."""
    if number < 0:
        return f"minus {in_words_en(-number)}"
    return " ".join(_parts_en(number)) or "zero"


def _parts_en(number: int) -> list[str]:
    for scale, name in _SCALES_EN:
        if number >= scale:
            count, rest = divmod(number, scale)
            return [*_parts_en(count), name, *_parts_en(rest)]
    hundreds, rest = divmod(number, 100)
    parts = [_ONES_EN[hundreds], "hundred"] if hundreds else []
    if rest < 20:
        return [*parts, _ONES_EN[rest]] if rest else parts
    tens, ones = divmod(rest, 10)
    return [*parts, f"{_TENS_EN[tens]}-{_ONES_EN[ones]}" if ones else _TENS_EN[tens]]


def words(rial: Rial, lang: str) -> str:
    """The amount in words in both units, shown under every amount field.

    «دوازده میلیون ریال (یک میلیون و دویست هزار تومان)». Rials that make no toman are named.
    """
    in_words, rial_name, toman_name, and_ = (
        (in_words_fa, "ریال", "تومان", "و")
        if speaks_persian(lang)
        else (in_words_en, "rial", "toman", "and")
    )
    sign = -1 if rial.amount < 0 else 1
    tomans, rest = divmod(abs(rial.amount), RIALS_PER_TOMAN)
    in_tomans = f"{in_words(sign * tomans)} {toman_name}"
    if rest:
        rials = f"{in_words(rest)} {rial_name}"
        in_tomans = (
            f"{in_tomans} {and_} {rials}" if tomans else f"{in_words(sign * rest)} {rial_name}"
        )
    return f"{in_words(rial.amount)} {rial_name} ({in_tomans})"


def format_rial(rial: Rial, lang: str) -> str:
    """«۱۲٬۰۰۰٬۰۰۰ ریال» or "12,000,000 rial"."""
    return f"{format_int(rial.amount, lang)} {'ریال' if speaks_persian(lang) else 'rial'}"


def share(amount: Rial, percent: int) -> Rial:
    """`percent` of an amount to the nearest rial, half a rial away from zero.

    share(x, p) and share(x, 100 − p) may differ from x by one rial together; where the parts must
    add up, use `split`.
    """
    rounded = (abs(amount.amount) * percent + 50) // 100
    return Rial(rounded if amount.amount >= 0 else -rounded)


def split(amount: Rial, weights: Sequence[int]) -> list[Rial]:
    """Parts in proportion to the weights that add up to the amount exactly.

    Largest remainder: each part is its exact share rounded down, and the rials left over go one
    each to the largest remainders, the earlier first. Raises Invalid("money.no_weights").
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise Invalid("money.no_weights")
    sign = -1 if amount.amount < 0 else 1
    shares = [divmod(abs(amount.amount) * weight, whole) for weight in weights]
    left = abs(amount.amount) - sum(part for part, _ in shares)
    by_remainder = sorted(range(len(shares)), key=lambda place: -shares[place][1])
    lucky = set(by_remainder[:left])
    return [Rial(sign * (part + (place in lucky))) for place, (part, _) in enumerate(shares)]


def suspicious_unit(amount: Rial, typical_low: Rial, typical_high: Rial) -> Rial | None:
    """The amount that was probably meant, when rial and toman were mixed up; else None.

    An amount inside the typical range (both ends included) is never questioned.
    """
    if typical_low <= amount <= typical_high:
        return None
    for meant in (amount.amount // RIALS_PER_TOMAN, amount.amount * RIALS_PER_TOMAN):
        if typical_low.amount <= meant <= typical_high.amount:
            return Rial(meant)
    return None
