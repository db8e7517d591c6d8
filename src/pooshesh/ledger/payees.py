"""Who is paid: sealing and opening names and shebas, and whom a decision names already."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.text import clean, key
from pooshesh.ledger.models import Commitment, PayeeRecord, PayeeState, Voucher
from pooshesh.ledger.registry import kind_of

#: Payees that a decision names, or two people agreed to.
AGREED = (PayeeState.KNOWN, PayeeState.ACCEPTED)

NAME, SHEBA = "ledger.payee", "ledger.sheba"  # bound into what is sealed

explain(
    {
        "ledger.payee_name": gettext_noop("The payee has no name; expected one."),
        "ledger.no_sheba": gettext_noop("No sheba was given; expected IR and 24 digits."),
    }
)


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid, as written; `facility_id` of a provider."""

    kind: str
    name: str
    sheba: str
    facility_id: UUID | None = None


def same(one: Payee, other: Payee) -> bool:
    """Whether two name the same account of the same holder, however it was typed."""
    return (one.kind, key(one.name), _read(one)) == (other.kind, key(other.name), _read(other))


def _read(payee: Payee) -> str:
    return grade(Kind.SHEBA, payee.sheba).value


def sealed(payee: Payee) -> tuple[bytes, bytes, bytes]:
    """Name and sheba sealed, and the sheba's keyed index. Raises Invalid for a wrong sheba."""
    name, read = clean(payee.name)[:160], grade(Kind.SHEBA, payee.sheba)
    if not name:
        raise Invalid("ledger.payee_name")
    if read.grade is Grade.MISSING:
        raise Invalid("ledger.no_sheba")
    if not read.is_trusted:
        raise Invalid(read.reason, read=read.value)
    keys = keyring()
    return keys.seal(name, NAME), keys.seal(read.value, SHEBA), keys.index(read.value, SHEBA)


def opened(record: PayeeRecord) -> Payee:
    """Name and sheba in clear; who shows them writes that down."""
    keys = keyring()
    return Payee(
        record.kind, keys.open(bytes(record.name), NAME), keys.open(bytes(record.sheba), SHEBA),
        record.facility_id,
    )  # fmt: skip


def agreed(commitments: Iterable[Commitment]) -> dict[UUID, Payee]:
    """Commitment → whom its last voucher was drawn for, else whom its decision names.

    What one person alone wrote is nobody's agreement. Who is paid but another takes a second
    person. One without an account is left out; a statement for the vouchers, and one for each kind
    of decision.
    """
    wanted = list(commitments)
    last = (
        Voucher.objects.filter(commitment__in=[one.pk for one in wanted], payee__state__in=AGREED)
        .select_related("payee")
        .order_by("commitment", "-number")
        .distinct("commitment")
    )
    known = {one.commitment_id: opened(one.payee) for one in last}
    first: dict[str, list[Commitment]] = defaultdict(list)
    for one in wanted:
        if one.pk not in known:
            first[one.kind].append(one)
    for kind, some in first.items():
        named = kind_of(kind).payees([one.object_id for one in some])
        for one in some:
            found = named.get(one.object_id)
            if found and grade(Kind.SHEBA, found.sheba).is_trusted:
                known[one.pk] = found
    return known
