"""The files of the phone's app, their version, and the words it speaks.

They are served under their own names: modules name each other, and the service worker keeps one
whole set of them at a time, by the digest of all.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pooshesh.census import phrases, titles
from pooshesh.census.models import Outcome
from pooshesh.kernel.calendar import MONTHS_EN, MONTHS_FA
from pooshesh.kernel.text import speaks_persian
from pooshesh.people.models import Relation, Sex
from pooshesh.people.nations import search

STATIC = Path(__file__).parent / "static" / "census"
FILES = tuple(sorted(path.name for path in STATIC.iterdir() if path.name != "worker.js"))
#: Kept as well, when the network is there; the app works without them.
EXTRA = ("web/icon.svg", "web/fonts/vazirmatn-variable.woff2")


def address(name: str) -> str:
    """Where a static file is served under its own name."""
    return f"{settings.STATIC_URL}{name}"


def context() -> dict[str, Any]:
    """What the template of the app needs; the same for everybody, so that it can be kept."""
    return {
        "css": address("census/field.css"),
        "app": address("census/app.js"),
        "icon": address("web/icon.svg"),
        "words": _words(),
        "synthetic": settings.POOSHESH_SYNTHETIC,
    }


def worker() -> str:
    """The service worker's script with its version and the list of what it keeps."""
    page = render_to_string("census/field.html", context())
    here = reverse("census:field")
    kept = {
        "version": hashlib.sha256(f"{_digest()}{page}".encode()).hexdigest()[:16],
        "shell": [here, *(address(f"census/{name}") for name in FILES)],
        "extra": [*map(address, EXTRA), reverse("census:manifest")],
        "home": here,
    }
    script = (STATIC / "worker.js").read_text(encoding="utf-8")
    return f"const KEPT = {json.dumps(kept)};\n{script}"


@cache
def _digest() -> str:
    content = b"".join((STATIC / name).read_bytes() for name in (*FILES, "worker.js"))
    return hashlib.sha256(content).hexdigest()


def _words() -> dict[str, Any]:
    """Everything the app says and offers, in the active language."""
    persian = speaks_persian(get_language())
    return {
        "persian": persian,
        "say": {key: str(text) for key, text in phrases.PHRASES.items()},
        "fields": {name: str(title) for name, title in titles.FIELDS.items()},
        "months": MONTHS_FA if persian else MONTHS_EN,
        "choices": {
            "outcome": [(one.value, str(one.label)) for one in Outcome],
            "relation": [(one.value, str(one.label)) for one in Relation],
            "sex": [("", ""), *((one.value, str(one.label)) for one in Sex)],
            "document": [(code, str(title)) for code, title in titles.DOCUMENTS.items()],
            "nation": [("", _("not known")), *((one.code, str(one)) for one in search(""))],
            "decile": [("", _("not known"))] + [(str(n), str(n)) for n in range(1, 11)],
        },
        "places": {
            "home": reverse("census:field"),
            "worker": reverse("census:worker"),
            "state": reverse("census:state"),
            "devices": reverse("census:device_new"),
            "sync": reverse("census:sync"),
            "alley": reverse("census:alley", args=["0" * 8 + "-0000-0000-0000-" + "0" * 12]),
            "photo": reverse("census:photo_new", args=["0" * 8 + "-0000-0000-0000-" + "0" * 12]),
            "signin": f"{reverse('account_login')}?next={reverse('census:field')}",
        },
    }
