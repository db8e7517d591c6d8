"""Texts with places, such as `{day}`, that others write and the product fills in."""

from collections.abc import Iterable
from string import Formatter

from pooshesh.kernel.errors import Invalid, explain, gettext_noop

SHORTEST = 10

explain(
    {
        "fund.text_place": gettext_noop(
            "“{%(read)s}” is no place of this message; it has: %(known)s."
        ),
        "fund.text_needs": gettext_noop("The place “{%(missing)s}” is missing."),
        "fund.text_braces": gettext_noop(
            "Braces do not fit together; a place is written like {number}."
        ),
        "fund.text_length": gettext_noop(
            "The message has %(length)s letters; expected 10 to %(most)s."
        ),
    }
)


def checked(text: str, known: Iterable[str], *, most: int, needs: Iterable[str] = ()) -> str:
    """A text as kept, of at most so many letters.

    Raises Invalid for a place it has not, one it needs and lacks, or braces left open.
    """
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if not SHORTEST <= len(text) <= most:
        raise Invalid("fund.text_length", length=len(text), most=most)
    try:
        read = list(Formatter().parse(text))
    except ValueError as error:
        raise Invalid("fund.text_braces") from error
    known, named = tuple(known), set()
    for _said, name, spec, turned in read:
        if name is None:
            continue
        if name not in known or spec or turned:
            raise Invalid("fund.text_place", read=name[:40], known=known)
        named.add(name)
    for name in needs:
        if name not in named:
            raise Invalid("fund.text_needs", missing=name)
    return text
