"""What the ledger keeps sealed."""

from pooshesh.kernel import rotation
from pooshesh.ledger.models import PayeeRecord
from pooshesh.ledger.payees import NAME, SHEBA

rotation.register(
    rotation.column("names of payees", PayeeRecord, "name", bound=NAME),
    rotation.column("shebas of payees", PayeeRecord, "sheba", bound=SHEBA, index="sheba_blind"),
)
