"""Files for tests: pictures and PDFs made here, honest and not."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)


def upload(name: str, body: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it, its content type a lie."""
    return SimpleUploadedFile(name, body, content_type="image/jpeg")


def jpeg(side: int = 60, *, place: bool = False) -> bytes:
    """A picture; with `place` as a camera that noted where it was writes it."""
    picture, out = Image.new("RGB", (side, side // 2), (200, 30, 30)), io.BytesIO()
    noted = Image.Exif()
    if place:
        noted[0x010E] = "Khorramabad 33.48 48.35"
        noted[0x0112] = 6  # the camera was turned
    picture.save(out, "JPEG", exif=noted)
    return out.getvalue()


def png(side: int = 60) -> bytes:
    """A picture without a camera."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), (10, 90, 10)).save(out, "PNG")
    return out.getvalue()


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
        look = DecodedStreamObject()
        look.set_data(b"BT ET")
        note[NameObject("/AP")] = DictionaryObject({NameObject("/N"): writer._add_object(look)})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])
