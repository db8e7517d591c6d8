"""Whatever is kept sealed, `keys rotate` knows of."""

import ast
from pathlib import Path

from django.apps import apps
from django.db.models import BinaryField

from pooshesh.kernel import rotation
from pooshesh.kernel.config import PROJECT

SOURCE = PROJECT / "src" / "pooshesh"

#: Bytes that no key has sealed: hashes, blind indexes, and the known words of each key.
NOT_SEALED = {
    "kernel.Seal.previous", "kernel.Seal.head", "kernel.Sealed.leaf", "kernel.DataKey.sealed",
    "people.Person.mobile_blind", "people.Identifier.blind",
    "regularisation.Document.blind", "regularisation.SheetRow.key",
    "ledger.PayeeRecord.sheba_blind",
    "portal.Code.asked_blind", "portal.Mandate.holder_blind",
    # Figures that are signed or open to everybody.
    "briefing.Paper.pdf", "briefing.Paper.signature", "public.Release.body",
}  # fmt: skip

#: Modules that seal → the rotations that see to what they write.
SEALERS = {
    "access/adapter.py": {"second factors"},
    "access/rotation.py": {"second factors"},
    "census/sealing.py": {
        "census households",
        "census versions",
        "census conflicts",
        "census kept aside",
        "census photos",
    },
    "coverage/proofs.py": {"codes of cards"},
    "disease/registry.py": {"registry rows"},
    "disease/tags.py": {"codes of tags"},
    "fund/applications.py": {"fund mobile numbers"},
    "fund/intake.py": {"fund findings", "fund sheets"},
    "fund/writing.py": {"fund mobile numbers"},
    "funnel/figures/people.py": {"identifiers", "codes of tags"},
    "funnel/figures/sittings.py": {"shebas of requests"},
    "kernel/keys.py": set(),  # the known word of each key stays sealed with that key
    "kernel/rotation.py": set(),
    "kernel/vault.py": {
        "agreement papers",
        "cover documents",
        "decile sheets",
        "documents of patients",
        "fund sheets",
        "registry sheets",
        "sheets",
    },
    "ledger/payees.py": {"names of payees", "shebas of payees"},
    "network/voice/actions.py": {"residents' telephones", "residents' words"},
    "people/actions.py": {"identifiers"},
    "people/registration.py": {"identifiers", "mobile numbers"},
    "portal/sealing.py": {
        "names of who may act",
        "numbers of who may act",
        "mobiles of who may act",
        "mobiles of messages",
        "what newcomers typed",
        "what newcomers wrote",
        "drafts of patients",
    },
    "programme/actions.py": {"findings of sheets"},
    "programme/campaign/record.py": {"roll rows on worklists"},
    "requests/bringing.py": {"shebas of requests"},
    "regularisation/actions.py": {"document numbers"},
    "regularisation/bringing.py": {"nationals findings", "nationals sheets"},
}


def test_every_column_of_bytes_is_rotated_or_known_not_to_be_sealed() -> None:
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("pooshesh.")
        for field in model._meta.local_fields
        if isinstance(field, BinaryField)
    }

    rotated = {column for one in rotation.rotations() for column in one.columns}
    assert columns == rotated | NOT_SEALED
    assert not rotated & NOT_SEALED


def test_every_module_that_seals_has_its_rotation() -> None:
    found = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if seals(path)}

    registered = {one.name for one in rotation.rotations()}
    assert found == SEALERS.keys()
    assert set().union(*SEALERS.values()) == registered


def seals(path: Path) -> bool:
    """Whether a module of the product seals values: calls `….seal(value, field)`, or encrypts."""
    if "tests" in path.parts:
        return False
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return any(
        isinstance(call.func, ast.Attribute)
        and ((call.func.attr == "seal" and len(call.args) == 2) or call.func.attr == "encrypt")
        for call in calls
    ) and not path.match("kernel/crypto.py")
