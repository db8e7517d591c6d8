"""What form fields and notes show becomes part of the page; the form itself does not survive.

A reader draws an appearance by mapping its box on the note's rectangle (ISO 32000-1, 12.5.5); the
same is written into the page's content, so that the page looks as before and holds no field.
"""

from typing import Any

from pypdf import PageObject, PdfWriter, Transformation
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    StreamObject,
)

SILENT = {"/Link", "/Popup"}  # notes that show nothing
HIDDEN = 0b100010  # the flags Hidden and NoView
#: All of an appearance that is drawn with; what else hangs on it is not kept.
_KEPT = {"/Subtype", "/BBox", "/Matrix", "/Resources", "/Group", "/Filter", "/DecodeParms"}


def shown(note: Any) -> Any | None:
    """The appearance that a reader draws of a note; None where it draws nothing."""
    if note.get("/Subtype") in SILENT or int(note.get("/F", 0)) & HIDDEN:
        return None
    drawn = _of(_of(note, "/AP") or {}, "/N")
    if drawn is not None and not isinstance(drawn, StreamObject):  # one of several states
        drawn = _of(drawn, str(note.get("/AS", "/Off")))
    return drawn if isinstance(drawn, StreamObject) else None


def untold(note: Any) -> bool:
    """Whether a field holds something typed that no appearance shows: it would be lost."""
    value, field, steps = None, note, 0
    while field is not None and value is None and steps < 20:  # the value may stand on a parent
        value, field, steps = _of(field, "/V"), _of(field, "/Parent"), steps + 1
    visible = not int(note.get("/F", 0)) & HIDDEN
    typed = value is not None and str(value).strip() not in ("", "/Off", "/")
    return bool(visible and note.get("/Subtype") == "/Widget" and typed and "/AP" not in note)


def press(page: PageObject, notes: list[Any], writer: PdfWriter) -> None:
    """Draw the appearances of notes on a page of the writer, over what is there."""
    drawn = [(note, form) for note in notes if (form := shown(note)) is not None]
    placed = [(name, form, at) for number, (note, form) in enumerate(drawn)
              if (at := _placed(note, form)) is not None
              for name in [NameObject(f"/Pressed{number}")]]  # fmt: skip
    if not placed:
        return
    resources = DictionaryObject(_of(page, "/Resources") or {})
    objects = DictionaryObject(_of(resources, "/XObject") or {})
    said = []
    for name, form, at in placed:
        objects[name] = writer._add_object(_bare(form, writer))
        said.append(f"q {' '.join(f'{part:.5f}' for part in at)} cm {name} Do Q")
    resources[NameObject("/XObject")] = objects
    page[NameObject("/Resources")] = resources
    before = page.get("/Contents")
    held = before.get_object() if before is not None else None
    old = list(held) if isinstance(held, ArrayObject) else [before] if held is not None else []
    page[NameObject("/Contents")] = ArrayObject(
        [_text("q\n", writer), *old, _text("\nQ\n" + "\n".join(said), writer)]
    )


def _of(holder: Any, key: str) -> Any | None:
    found = holder.get(key)
    return None if found is None else found.get_object()


def _placed(note: Any, form: Any) -> tuple[float, ...] | None:
    """The matrix that lays an appearance on its note; None where either has no extent."""
    left, low, right, high = _box(note["/Rect"])
    a, b, c, d, e, f = (float(part) for part in form.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    matrix = Transformation((a, b, c, d, e, f))
    x0, y0, x1, y1 = _box(form["/BBox"])
    corners = [matrix.apply_on((x, y)) for x in (x0, x1) for y in (y0, y1)]
    across, up = [float(x) for x, _y in corners], [float(y) for _x, y in corners]
    wide, tall = max(across) - min(across), max(up) - min(up)
    if not (wide and tall and right - left and high - low):
        return None
    sideways, upwards = (right - left) / wide, (high - low) / tall
    return (sideways, 0.0, 0.0, upwards,
            left - min(across) * sideways, low - min(up) * upwards)  # fmt: skip


def _box(found: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(part) for part in found.get_object())
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _bare(form: StreamObject, writer: PdfWriter) -> StreamObject:
    """An appearance in the new file, with nothing on it but what it is drawn with."""
    made: Any = form.clone(writer, force_duplicate=True)
    for key in set(made) - _KEPT:
        del made[key]
    made[NameObject("/Type")] = NameObject("/XObject")
    made[NameObject("/Subtype")] = NameObject("/Form")
    return made  # type: ignore[no-any-return]


def _text(words: str, writer: PdfWriter) -> Any:
    stream = DecodedStreamObject()
    stream.set_data(words.encode())
    return writer._add_object(stream)
