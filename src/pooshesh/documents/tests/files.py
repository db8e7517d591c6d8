"""Files for tests: pictures and PDFs made here, honest and not."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)


def upload(name: str, body: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it, its content type a lie."""
    return SimpleUploadedFile(name, body, content_type="image/jpeg")


def jpeg(side: int = 60, *, place: bool = False) -> bytes:
    """A picture; with `place` as a camera that noted where it was writes it."""
    picture, out = _page((side, side // 2), (200, 30, 30)), io.BytesIO()
    noted = Image.Exif()
    if place:
        noted[0x010E] = "Khorramabad 33.48 48.35"
        noted[0x0112] = 6  # the camera was turned
    picture.save(out, "JPEG", exif=noted)
    return out.getvalue()


def png(side: int = 60) -> bytes:
    """A picture without a camera."""
    return as_png(_page((side, side), (10, 90, 10)))


def as_png(picture: Image.Image) -> bytes:
    """The bytes of a picture as a PNG."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _page(size: tuple[int, int], colour: tuple[int, int, int]) -> Image.Image:
    """A picture with something on it: of one colour alone it would be refused."""
    picture = Image.new("RGB", size, colour)
    ImageDraw.Draw(picture).line((0, 0, size[0] // 2, size[1] // 2), fill="white", width=3)
    return picture


def pdf(
    pages: int = 2, *, script: bool = False, attached: bool = False, password: str = "",
    note: bool = False, link: bool = False,
) -> bytes:  # fmt: skip
    """A PDF with what it may carry beside its pages."""
    writer = PdfWriter()
    for number in range(pages):
        page = writer.add_blank_page(200, 300)
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 20 200 Td (page {number}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/Metadata")] = TextStringObject("secret")
    if link:
        _annotate(writer, "/Link", drawn=False)
    if note:
        _annotate(writer, "/FreeText", drawn=True)
    if script:
        act = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('gotcha');")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in act.items()}
        )
    if attached:
        writer.add_attachment("tool.exe", b"MZ and more")
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _annotate(writer: PdfWriter, subtype: str, *, drawn: bool) -> None:
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject(subtype),
            NameObject("/A"): DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Action"),
                    NameObject("/S"): NameObject("/Launch"),
                    NameObject("/F"): TextStringObject("cmd.exe"),
                }
            ),
        }
    )
    if drawn:
        _looks(writer, note, "an arrow drawn on it", 20, 100)
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])


def filled_form(*, shown: bool = True, xml: bool = False) -> bytes:
    """A page with a filled field, a box that is ticked, and a hidden field; each with a script.

    Not `shown`: the program that filled it left to the reader how the value looks.
    """
    writer = PdfWriter(clone_from=io.BytesIO(pdf(1)))
    script = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('gotcha');"),
        }
    )
    fields = []
    for name, value, flags in (("name", "Golab", 0), ("hidden", "not for eyes", 2)):
        field = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Tx"),
                NameObject("/T"): TextStringObject(name),
                NameObject("/V"): TextStringObject(value),
                NameObject("/F"): NumberObject(flags),
                NameObject("/AA"): DictionaryObject({NameObject("/K"): script}),
            }
        )
        if shown:
            _looks(writer, field, value, 20, 100)
        fields.append(field)
    tick = DictionaryObject(fields[0])
    tick[NameObject("/FT")] = NameObject("/Btn")
    tick[NameObject("/AS")] = tick[NameObject("/V")] = NameObject("/Yes")
    states = {state: _look(writer, word) for state, word in (("/Yes", "ticked"), ("/Off", "empty"))}
    tick[NameObject("/Rect")] = _numbers(20, 60, 70, 80)
    tick[NameObject("/AP")] = DictionaryObject(
        {
            NameObject("/N"): DictionaryObject(
                {NameObject(key): value for key, value in states.items()}
            )
        }
    )
    held = ArrayObject([writer._add_object(field) for field in [*fields, tick]])
    if not xml:
        writer.pages[0][NameObject("/Annots")] = held
    form = DictionaryObject({NameObject("/Fields"): held})
    if xml:
        form[NameObject("/XFA")] = ArrayObject()
    writer.root_object[NameObject("/AcroForm")] = form
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _looks(writer: PdfWriter, note: DictionaryObject, words: str, x: int, y: int) -> None:
    """Lay an appearance of twice its size on the page."""
    note[NameObject("/Rect")] = _numbers(x, y, x + 100, y + 40)
    note[NameObject("/AP")] = DictionaryObject({NameObject("/N"): _look(writer, words)})


def _look(writer: PdfWriter, words: str) -> IndirectObject:
    look = DecodedStreamObject()
    look.set_data(f"BT /F1 8 Tf 2 4 Td ({words}) Tj ET".encode())
    look[NameObject("/Subtype")] = NameObject("/Form")
    look[NameObject("/BBox")] = _numbers(0, 0, 50, 20)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    look[NameObject("/Resources")] = DictionaryObject(
        {
            NameObject("/Font"): DictionaryObject(
                {
                    NameObject("/F1"): DictionaryObject(
                        {NameObject(key): NameObject(value) for key, value in font.items()}
                    )
                }
            )
        }
    )
    return writer._add_object(look)


def _numbers(*values: int) -> ArrayObject:
    return ArrayObject(NumberObject(value) for value in values)
