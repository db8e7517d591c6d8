"""How one name or number is written down otherwise: slips, spellings, Latin letters."""

import random
from collections.abc import Callable

ZWNJ = "\u200c"
HOMOPHONES = ("سصث", "زذضظ", "تط", "هح", "قغ", "اع", "کگ")
LOOK_ALIKES = ("بپتثن", "جچحخ", "دذ", "رزژ", "سش", "فق", "صض", "طظ", "عغ")
ALPHABET = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"


def mistyped(name: str, rng: random.Random) -> str:
    """One letter replaced by one that sounds or looks alike, lost, added or swapped."""
    if len(name) < 3:
        return name
    at, letter, kind = rng.randrange(len(name)), "", rng.random()
    if kind < 0.6:
        groups = HOMOPHONES if kind < 0.35 else LOOK_ALIKES
        alike = "".join(group for group in groups if name[at] in group).replace(name[at], "")
        letter = rng.choice(alike or ALPHABET)
    elif kind < 0.75:
        letter = ""
    elif kind < 0.85:
        letter = name[at] + rng.choice(ALPHABET)
    elif at + 1 < len(name):
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + letter + name[at + 1 :]


def respelt(name: str, rng: random.Random) -> str:
    """Another way to type the same name: Arabic letters, lost joiners, marks, spaces."""
    changes: tuple[Callable[[], str], ...] = (
        lambda: name.replace("ی", "ي").replace("ک", "ك"),
        lambda: name.replace("ی", "ى"),
        lambda: name.replace(ZWNJ, " "),
        lambda: name.replace(ZWNJ, "").replace(" ", ""),
        lambda: name.replace("آ", "ا").replace("الله", "اله"),
        lambda: name[:-1] + "ة" if name.endswith("ه") else f" {name}  ",
        lambda: name[:1] + rng.choice("\u0640\u064e") + name[1:],
    )
    return rng.choice(changes)()


def shortened(name: str) -> str:
    """The name in everyday use: without its title, its first half or its place of origin."""
    for beginning in ("سید ", "محمد", "غلام‌", "غلام"):
        if name.startswith(beginning) and len(name) > len(beginning) + 2:
            return name.removeprefix(beginning).strip(ZWNJ)
    return name.rsplit(" ", 1)[0] if " " in name else name


LATIN = {
    "ا": "a", "آ": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "s", "ج": "j", "چ": "ch", "ح": "h",
    "خ": "kh", "د": "d", "ذ": "z", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s",
    "ض": "z", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "gh", "ک": "k", "گ": "g",
    "ل": "l", "م": "m", "ن": "n", "و": "v", "ه": "h", "ی": "i",
}  # fmt: skip


def latin(name: str, rng: random.Random) -> str:
    """The name in Latin letters as an official might spell it, short vowels now and then."""
    spelt, before = "", ""
    scheme = rng.choice(({}, {"و": "u", "ق": "q"}, {"و": "oo", "ی": "ee"}, {"ی": "y", "و": "o"}))
    vowels = rng.random() < 0.5
    for letter in name.replace(ZWNJ, " "):
        both_hard = letter not in "اآوی " and before not in "اآوی "
        if vowels and before and both_hard and rng.random() < 0.7:
            spelt += rng.choice("aeo")
        spelt += scheme.get(letter, LATIN.get(letter, letter))
        before = letter
    return spelt.title() if rng.random() < 0.5 else spelt.upper()


def slipped(digits: str, rng: random.Random) -> str:
    """One digit wrong, or two neighbours swapped."""
    at = rng.randrange(len(digits) - 1)
    if rng.random() < 0.4:
        return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    return digits[:at] + rng.choice("0123456789") + digits[at + 1 :]
