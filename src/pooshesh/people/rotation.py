"""What of persons is kept sealed."""

from pooshesh.kernel import rotation
from pooshesh.kernel.identifiers import Kind
from pooshesh.people.models import Identifier, Person

rotation.register(
    rotation.column(
        "identifiers", Identifier, "sealed", bound_by="kind", index="blind", version="key_version"
    ),
    rotation.column(
        "mobile numbers", Person, "mobile", bound=Kind.MOBILE.value, index="mobile_blind"
    ),
)
