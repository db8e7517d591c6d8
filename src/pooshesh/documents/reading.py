"""A file from outside is judged by its bytes, and never kept as it came.

Pictures are decoded and written anew, PDFs page by page: what is no picture and no page, such as
the place a camera noted, scripts and embedded files, does not survive. What cannot be a document
is refused in a sentence. `POOSHESH_SCANNER` names a command that sees the file as it came.
"""

import hashlib
import io
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from pooshesh.documents import flatten
from pooshesh.documents.models import Scan
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean

MEGABYTES = 10
PIXELS = 40_000_000
SIDE = 20_000  # pixels
PAGES = 200
SCAN_SECONDS = 60
_QUALITY = 88

explain(
    {
        "documents.empty": gettext_noop("“%(file)s” is empty; choose the file again."),
        "documents.size": gettext_noop(
            "“%(file)s” has %(read)s megabytes; expected at most %(limit)s."
        ),
        "documents.executable": gettext_noop(
            "“%(file)s” is a program or an archive, whatever its name says; it was refused."
            " Expected a PDF, JPEG or PNG."
        ),
        "documents.kind": gettext_noop(
            "“%(file)s” is neither a PDF nor a JPEG or PNG picture; expected one of these."
        ),
        "documents.hidden": gettext_noop(
            "“%(file)s” carries another file inside; it was refused. Scan or print it anew."
        ),
        "documents.broken": gettext_noop(
            "“%(file)s” cannot be read; it may be cut short. Scan it or take the picture again."
        ),
        "documents.blank": gettext_noop(
            "“%(file)s” is of one colour alone; nothing can be read on it. Scan it or take the"
            " picture again."
        ),
        "documents.pixels": gettext_noop(
            "“%(file)s” is %(wide)s by %(high)s pixels; expected at most %(limit)s million."
        ),
        "documents.encrypted": gettext_noop(
            "“%(file)s” is locked with a password; expected a PDF that opens without one."
        ),
        "documents.pages": gettext_noop(
            "“%(file)s” has %(read)s pages; expected between 1 and %(limit)s."
        ),
        "documents.form": gettext_noop(
            "“%(file)s” has form fields whose content only some programs show, so that it would be"
            " lost; print it to a new PDF and bring that."
        ),
        "documents.infected": gettext_noop(
            "“%(file)s” was refused by the virus scanner; it was not kept."
        ),
        "documents.scanner_slow": gettext_noop(
            "“%(file)s” could not be scanned in time; it was not kept. Try again later."
        ),
    }
)

#: What programs and archives begin with.
_PROGRAMS = (
    b"MZ", b"\x7fELF", b"#!", b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"L\x00\x00\x00", b"dex\n", b"\x00asm",
)  # fmt: skip
_PROGRAM_NAMES = {
    ".exe", ".scr", ".com", ".bat", ".cmd", ".msi", ".dll", ".js", ".jse", ".vbs", ".ps1", ".jar",
    ".apk", ".lnk", ".hta", ".sh", ".py", ".html", ".htm", ".svg", ".zip", ".rar", ".7z", ".iso",
}  # fmt: skip
#: What does not stand behind the last byte of a picture or a PDF by chance.
_HIDDEN = (b"PK\x03\x04", b"PK\x05\x06", b"\x7fELF", b"This program cannot be run", b"<script",
           b"<?php", b"Rar!\x1a", b"7z\xbc\xaf\x27")  # fmt: skip
_JPEG, _PNG, _PDF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}

#: All of a page that is kept; actions and thumbnails are not, of notes and fields what they show.
_PAGE_KEYS = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents",
              "/UserUnit", "/Group"}  # fmt: skip
_ACTIVE_TYPES = {"/Action", "/Annot", "/Filespec", "/EmbeddedFile", "/F"}
_ACTIVE_KEYS = {"/JS", "/EF", "/EmbeddedFile", "/JavaScript", "/OpenAction", "/RichMedia", "/AF"}


class Upload(Protocol):
    """A file that somebody brings, such as Django's `UploadedFile`."""

    @property
    def name(self) -> str | None: ...

    def read(self, num_bytes: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A document made anew; `brought` is the sha256 of the bytes that came."""

    name: str
    body: bytes
    content_type: str
    pages: int
    scan: Scan
    brought: str


def cleaned(upload: Upload) -> Cleaned:
    """Judge a file and make it anew. Raises Invalid with a documents.* code."""
    name = clean(PurePath((upload.name or "").replace("\\", "/")).name)[-200:] or "document"
    if hasattr(upload, "seek"):
        upload.seek(0)
    body = upload.read(MEGABYTES * 10**6 + 1)
    if not body:
        raise Invalid("documents.empty", file=name)
    if len(body) > MEGABYTES * 10**6:
        size = getattr(upload, "size", None) or len(body)
        raise Invalid("documents.size", file=name, read=-(-size // 10**6), limit=MEGABYTES)
    suffixes = {part.lower() for part in PurePath(name).suffixes[-1:]}
    if body.startswith(_PROGRAMS) or suffixes & _PROGRAM_NAMES:
        raise Invalid("documents.executable", file=name)
    scan = _scanned(body, name)
    if body.startswith(_PDF):
        made, kind, pages = _pdf(body, name)
    elif body.startswith((_JPEG, _PNG)):
        made, kind, pages = _picture(body, name)
    else:
        raise Invalid("documents.kind", file=name)
    return Cleaned(name, made, kind, pages, scan, hashlib.sha256(body).hexdigest())


def _scanned(body: bytes, name: str) -> Scan:
    """Let the scanner see the file as it came; its exit status decides."""
    command = shlex.split(config().scanner)
    if not command:
        return Scan.SKIPPED
    with NamedTemporaryFile(dir=config().scratch()) as file:
        file.write(body)
        file.flush()
        try:
            done = subprocess.run(
                [*command, file.name], capture_output=True, timeout=SCAN_SECONDS, check=False
            )
        except FileNotFoundError:
            return Scan.SKIPPED
        except subprocess.TimeoutExpired:
            raise Invalid("documents.scanner_slow", file=name) from None
    if done.returncode:
        raise Invalid("documents.infected", file=name)
    return Scan.PASSED


def _picture(body: bytes, name: str) -> tuple[bytes, str, int]:
    """The pixels of a JPEG or PNG, turned as its camera said, and nothing else."""
    end = body.rfind(b"\xff\xd9") + 2 if body.startswith(_JPEG) else body.rfind(b"IEND") + 8
    if any(mark in body[end:] for mark in _HIDDEN):
        raise Invalid("documents.hidden", file=name)
    try:
        with Image.open(io.BytesIO(body), formats=list(_TYPES)) as found:
            wide, high = found.size
            form = str(found.format)
            if wide * high > PIXELS or max(wide, high) > SIDE:
                limit = PIXELS // 10**6
                raise Invalid("documents.pixels", file=name, wide=wide, high=high, limit=limit)
            found.load()
            made = ImageOps.exif_transpose(found)
    except Invalid:
        raise
    except Exception:  # whatever a decoder says of bytes made to break it
        raise Invalid("documents.broken", file=name) from None
    bare = _as_seen(made)
    if all(low == high for low, high in _extremes(bare)):
        raise Invalid("documents.blank", file=name)
    # Pixels alone: texts, profiles and places of the picture hang on the old object.
    fresh = Image.frombytes(bare.mode, bare.size, bare.tobytes())
    out = io.BytesIO()
    if form == "JPEG":
        fresh.save(out, "JPEG", quality=_QUALITY, optimize=True)
    else:
        fresh.save(out, "PNG", optimize=True)
    return out.getvalue(), _TYPES[form], 1


def _as_seen(picture: Image.Image) -> Image.Image:
    """Its points as they show on white paper, 8 bits each: mode L or RGB."""
    if picture.mode.startswith("I"):
        # Scanners fill 10 to 16 bits; cut off at 8 they would all be white.
        wide = picture.convert("I")
        ((low, high),) = _extremes(wide)
        scale = 255 / max(high - low, 1)
        return wide.point(lambda value: (value - low) * scale).convert("L")
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen).convert("RGB")
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


def _extremes(picture: Image.Image) -> list[tuple[int, int]]:
    """The lowest and highest value of each channel."""
    found: Any = picture.getextrema()
    return list(found) if isinstance(found[0], tuple) else [found]


def _pdf(body: bytes, name: str) -> tuple[bytes, str, int]:
    """The pages of a PDF in a new one, as they look, without fields, scripts and embedded files."""
    tail = body[body.rfind(b"%%EOF") + 5 :] if b"%%EOF" in body else b""
    if any(mark in tail for mark in _HIDDEN):
        raise Invalid("documents.hidden", file=name)
    try:
        return _pages(body, name)
    except Invalid:
        raise
    except Exception:  # whatever a parser says of bytes made to break it
        raise Invalid("documents.broken", file=name) from None


def _pages(body: bytes, name: str) -> tuple[bytes, str, int]:
    reader = PdfReader(io.BytesIO(body), strict=False)
    if reader.is_encrypted:
        raise Invalid("documents.encrypted", file=name)
    count = len(reader.pages)
    if not 1 <= count <= PAGES:
        raise Invalid("documents.pages", file=name, read=count, limit=PAGES)
    if _shown_elsewhere(reader):
        raise Invalid("documents.form", file=name)
    writer = PdfWriter()
    for page in reader.pages:
        notes = [note.get_object() for note in _notes(page)]
        if any(flatten.untold(note) for note in notes):
            raise Invalid("documents.form", file=name)
        bare = DictionaryObject(
            {key: value for key, value in page.items() if key in _PAGE_KEYS - {"/Parent"}}
        )
        for inherited in ("/MediaBox", "/CropBox", "/Rotate", "/Resources"):
            if inherited not in bare and (above := _inherited(page, inherited)) is not None:
                bare[NameObject(inherited)] = above
        kept = writer.add_blank_page(1, 1)
        for key, value in bare.items():
            if key != "/Type":
                kept[NameObject(key)] = _copied(value, writer)
        flatten.press(kept, notes, writer)
    out = io.BytesIO()
    writer.write(out)
    made = out.getvalue()
    # Looked at again as anybody who opens it would: what was hidden deeper is refused.
    if _active(PdfReader(io.BytesIO(made)).trailer["/Root"].get_object()):
        raise Invalid("documents.hidden", file=name)
    return made, "application/pdf", count


def _notes(page: Any) -> Iterator[Any]:
    notes = page.get("/Annots")
    notes = notes.get_object() if notes is not None else ()
    yield from notes if isinstance(notes, ArrayObject) else ()


def _shown_elsewhere(reader: PdfReader) -> bool:
    """Whether its pages are only a placeholder for a form in XML, which few programs show."""
    root: Any = reader.trailer["/Root"].get_object()
    form = root.get("/AcroForm")
    if form is None or "/XFA" not in form.get_object():
        return False
    notes = (note.get_object() for page in reader.pages for note in _notes(page))
    return all(flatten.shown(note) is None for note in notes)


def _inherited(page: Any, key: str) -> Any:
    """What a page has from the tree above it."""
    above, steps = page.get("/Parent"), 0
    while above is not None and steps < PAGES:
        above = above.get_object()
        if key in above:
            return above[key]
        above, steps = above.get("/Parent"), steps + 1
    return None


def _copied(value: Any, writer: PdfWriter) -> Any:
    """A value with all it refers to, as objects of the new file."""
    return value.clone(writer)


def _active(root: Any) -> bool:
    """Whether anything that acts or embeds can be reached."""
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            if one.get("/Type") in _ACTIVE_TYPES or _ACTIVE_KEYS & set(one):
                return True
            waiting += list(one.values())
        elif isinstance(one, ArrayObject):
            waiting += list(one)
    return False
