"""Persian text: displayed as typed, matched on `key`, sorted on `sort_key`.

Source of the folding: the domain notes, "Text". Real sheets mix ي/ی and ك/ک, write hamza or not,
and lose every zero-width non-joiner, either to a space or to nothing.
"""

import re
import unicodedata
from decimal import Decimal

ZWNJ = "\u200c"

_PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
_TO_LATIN = str.maketrans(_PERSIAN_DIGITS + _ARABIC_DIGITS, "0123456789" * 2)
_TO_PERSIAN = str.maketrans("0123456789" + _ARABIC_DIGITS, _PERSIAN_DIGITS * 2)


class _Folding(dict[int, str]):
    """Code point → what it becomes in a key, worked out once per character: letters stay, digits
    turn Latin, marks and invisible characters go, the rest separates words."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if category == "Nd":
            folded = str(unicodedata.digit(char))
        elif category[0] in "LN":
            folded = char
        elif category[0] == "M" or category in ("Cf", "Cs"):
            folded = ""
        else:
            folded = " "
        self[code] = folded
        return folded


# The text is decomposed first, so hamza and madda above a letter are marks of their own and the
# forms آ أ إ ؤ ئ ۀ ۂ ۓ need no row here.
_FOLD = _Folding(
    str.maketrans(
        {
            **dict.fromkeys("\u064a\u0649\u06d2\u06d0\u06ce\u06cd", "ی"),
            **dict.fromkeys("\u0643\u06aa", "ک"),
            **dict.fromkeys("\u0629\u06c1\u06c3\u06d5\u06be", "ه"),
            "\u0671": "ا",
            # Not marks to Unicode, but dropped: hamza, tatweel, Koranic signs.
            **dict.fromkeys("\u0621\u0674\u0640\u06dd\u06de\u06e5\u06e6\u06e9", ""),
            # Who types without a ZWNJ types a space or nothing; keys drop the space later.
            ZWNJ: " ",
        }
    )
)

_TITLES = re.compile(
    r"^(?:(?:سیده|سید|السید|میرزا|حاجی|حاجیه|حاج|کربلایی|مشهدی|بی بی"
    r"|se?yy?ed|sayy?ed|sayyid|hajj?i?|mirza|bibi) )+"
    # «حاجی زاده» is a surname, not a Mr. Zadeh who went to Mecca.
    r"(?!(?:زاده|پور|نژاد|نیا|فر|وند|لو|یان|تبار|zadeh?|pour|nejad|nia)\b)(?=..)"
)


def _fold(text: str) -> str:
    # Case folding can compose again (K → k, ΐ → ι + marks), hence the second decomposition.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join(plain.translate(_FOLD).split())


def _fold_names(text: str) -> str:
    return text.replace("عبدل", "عبدال").replace("الله", "اله")


def key(text: str) -> str:
    """What two spellings of one name share: letters and digits only, no spaces, no titles.

    "" when nothing is left. key(key(x)) == key(x). Latin names give lower-case Latin letters.
    """
    return _fold_names(_TITLES.sub("", _fold(text)).replace(" ", "")) if text else ""


def search_key(text: str) -> str:
    """The folding of `key` with single spaces and titles kept: the text a search box looks in."""
    return _fold_names(_fold(text).replace("عبد ال", "عبدال"))


# Two-letter sounds first. No "th": Fathi is فتحی more often than a foreign th is ث.
_LATIN_SOUNDS = {
    "kh": "خ", "sh": "ش", "ch": "چ", "zh": "ژ", "gh": "ق", "ph": "ف", "dj": "ج",
    "oo": "و", "ou": "و", "ee": "ی", "aa": "ا", "ck": "ک",
    "a": "ا", "b": "ب", "c": "ک", "d": "د", "e": "ی", "f": "ف", "g": "گ", "h": "ه", "i": "ی",
    "j": "ج", "k": "ک", "l": "ل", "m": "م", "n": "ن", "o": "و", "p": "پ", "q": "ق", "r": "ر",
    "s": "س", "t": "ت", "u": "و", "v": "و", "w": "و", "x": "کس", "y": "ی", "z": "ز",
}  # fmt: skip
_LATIN = re.compile("|".join(_LATIN_SOUNDS))

# Letters that sound alike in Persian become one; vowels and what may stand for one are dropped.
# Kurdish and Pashto letters join the Persian letter a clerk would have typed for them.
_SOUNDS = str.maketrans(
    "ثصذضظژطحغټډړڕښګڼځڅڵڤږ",
    "سسززززتهقتدررشگنزسلوز",
    "اویعۆۇۊ",
)
_DOUBLED = re.compile(r"(.)\1+")


def latin_key(text: str) -> str:
    """`key` with Latin letters written as the Persian letters they sound like (Reza → ریزا)."""
    return _LATIN.sub(lambda found: _LATIN_SOUNDS[found[0]], key(text))


def skeleton(text: str) -> str:
    """Consonants as heard, the same for Persian and Latin spelling: محمد, Mohammad → مهمد.

    A blocking key for linkage, never proof. "" for empty text, "ا" for a name of vowels only.
    """
    return heard(latin_key(text))


def heard(letters: str) -> str:
    """`skeleton` of a `latin_key` that was made already."""
    sounds = _DOUBLED.sub(r"\1", letters.translate(_SOUNDS))
    # A final ه is mostly a vowel (فاطمه, Fatima).
    if len(sounds) > 1:
        sounds = sounds.removesuffix("ه")
    return sounds or ("ا" if letters else "")


# Each Kurdish or Pashto letter stands after the Persian letter it grew from.
_ALPHABET = (
    " آابپتټثجچحځخڅدډذرڕړزژږسښشصضطظعغفڤقکگګلڵمنڼوۆهی"
    "0123456789abcdefghijklmnopqrstuvwxyz"
)  # fmt: skip
_RANK = {char: chr(0x21 + place) for place, char in enumerate(_ALPHABET)}


class _Ranking(dict[int, str]):
    """Code point → characters whose code order is the order of `_ALPHABET`."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        letters = char if char in _RANK else _fold(char) or (" " if char.isspace() else "")
        self[code] = rank = "".join(_RANK.get(letter, letter) for letter in letters)
        return rank


_RANKING = _Ranking({ord(ZWNJ): ""})


def sort_key(text: str) -> str:
    """A string whose byte order is the Persian alphabet's: space, آ ا ب پ … ی, digits, Latin.

    Hamza sits with its bearer, marks and ZWNJ are ignored, other scripts come last. Texts equal so
    far are ordered by their code points, so the order is total and the same everywhere.
    """
    composed = unicodedata.normalize("NFKC", text)
    return f"{composed.translate(_RANKING)} {composed}"


_SPACE = re.compile(rf"[\s{ZWNJ}]*\s[\s{ZWNJ}]*")


def clean(text: str) -> str:
    """Text fit to store: as typed, without control, bidi and invisible characters.

    White space collapses to single spaces; a ZWNJ stays only between two visible characters.
    """
    if text.isprintable() and "  " not in text:  # nearly every cell of a sheet
        return text.strip()
    visible = "".join(
        char
        for char in text
        if char == ZWNJ or char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    return _SPACE.sub(" ", visible).strip(f" {ZWNJ}")


def to_latin_digits(text: str) -> str:
    """Persian and Arabic-Indic digits as 0–9; everything else untouched."""
    return text.translate(_TO_LATIN)


def to_persian_digits(text: str) -> str:
    """Latin and Arabic-Indic digits as ۰–۹; everything else untouched."""
    return text.translate(_TO_PERSIAN)


def speaks_persian(lang: str | None) -> bool:
    """Whether a language code such as "fa" or "fa-ir" is Persian."""
    return (lang or "").split("-")[0] == "fa"


# The left-to-right mark keeps the minus on the left of a number inside Persian text (as in CLDR).
_PERSIAN_NUMBER = str.maketrans(
    {",": "٬", ".": "٫", "%": "٪", "-": "\u200e−"}
    | dict(zip("0123456789", _PERSIAN_DIGITS, strict=True))
)


def _localise(number: str, lang: str) -> str:
    return number.translate(_PERSIAN_NUMBER) if speaks_persian(lang) else number


def format_int(number: int, lang: str) -> str:
    """1234567 → «۱٬۲۳۴٬۵۶۷» or "1,234,567"."""
    return _localise(f"{number:,d}", lang)


def format_decimal(number: Decimal | float, lang: str, places: int = 1) -> str:
    """1234.5 → «۱٬۲۳۴٫۵» or "1,234.5", rounded to `places`. Not for money."""
    return _localise(f"{number:,.{places}f}", lang)


def format_percent(ratio: Decimal | float, lang: str, places: int = 1) -> str:
    """A ratio 0.234 → «۲۳٫۴٪» or "23.4%", rounded to `places`."""
    return _localise(f"{ratio:,.{places}%}", lang)


# What a spreadsheet may run, in its usual and its full-width forms.
_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b-\u200f\u2066-\u2069\ufeff]*[=+\-@＝＋－＠]")


def formula_safe(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would run it.

    Spaces and invisible marks in front do not hide a formula.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell
