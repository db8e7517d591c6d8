"""Photos as they come from a phone: only JPEG, only small, and nothing in it but the picture."""

from pooshesh.kernel.errors import Invalid, explain, gettext_noop

MOST_BYTES = 700_000
MOST_PIXELS = 2_000  # on a side; the phone makes them smaller than that

#: Start-of-frame markers: the segments that say how large the picture is.
_FRAMES = {*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}
#: Application segments but the first, and comments: where cameras write place and time.
_TALK = {*range(0xE1, 0xF0), 0xFE}

explain(
    {
        "photo.form": gettext_noop("The photo is no JPEG picture that can be read; take it again."),
        "photo.large": gettext_noop(
            "The photo has %(read)s kilobytes; expected at most %(limit)s. Take it again."
        ),
        "photo.wide": gettext_noop(
            "The photo is %(read)s pixels long; expected at most %(limit)s. Take it again."
        ),
    }
)


def cleaned(body: bytes) -> bytes:
    """The picture without what a camera adds about place and time. Raises Invalid.

    Reads the segments themselves: neither a name nor a content type says what a file is.
    """
    if len(body) > MOST_BYTES:
        raise Invalid("photo.large", read=len(body) // 1000, limit=MOST_BYTES // 1000)
    if body[:2] != b"\xff\xd8" or body[-2:] != b"\xff\xd9":
        raise Invalid("photo.form")
    kept, at, seen = [b"\xff\xd8"], 2, False
    while True:
        if len(body) < at + 4 or body[at] != 0xFF:
            raise Invalid("photo.form")
        marker, size = body[at + 1], int.from_bytes(body[at + 2 : at + 4])
        segment = body[at : at + 2 + size]
        if size < 2 or len(segment) < 2 + size:
            raise Invalid("photo.form")
        if marker in _FRAMES:
            sides = int.from_bytes(segment[5:7]), int.from_bytes(segment[7:9])
            if not all(sides):
                raise Invalid("photo.form")
            if max(sides) > MOST_PIXELS:
                raise Invalid("photo.wide", read=max(sides), limit=MOST_PIXELS)
            seen = True
        if marker == 0xDA:  # the picture itself follows up to the end
            if not seen:
                raise Invalid("photo.form")
            return b"".join([*kept, body[at:]])
        if marker not in _TALK:
            kept.append(segment)
        at += 2 + size
