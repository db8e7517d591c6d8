"""Lists and single rows behind the pages, within the reach of who asks."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.disease.models import Disease
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.models import Job
from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.kernel.time import BitemporalQuerySet
from pooshesh.ledger import terms
from pooshesh.ledger.models import (
    Account,
    Advance,
    Allocation,
    Budget,
    Certificate,
    CertificateState,
    Commitment,
    CommitmentState,
    Entry,
    Limit,
    LineState,
    Order,
    PayeeKind,
    PayeeRecord,
    PayeeState,
    Payment,
    PaymentState,
    Posting,
    Statement,
    StatementLine,
    Voucher,
    VoucherState,
    YearEnd,
)
from pooshesh.ledger.payees import AGREED, SHEBA
from pooshesh.ledger.queries import within
from pooshesh.ledger.registry import held
from pooshesh.people.merged import died, one_human
from pooshesh.places.models import Area, AreaKind, in_language

M = TypeVar("M", bound=Model)


def found(rows: QuerySet[M], pk: object) -> M | None:
    """One row of those within reach."""
    return rows.filter(pk=pk).first()


def with_disease(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    """Rows with `disease_name`, in the active language, for the code in a column."""
    name = Coalesce(NullIf(F(in_language("name")), Value("")), F("name_fa"))
    own = Disease.objects.filter(code=OuterRef(code)).annotate(called=name)
    named: QuerySet[Any] = rows.annotate(disease_name=Subquery(own.values("called")[:1]))
    return named


def with_province(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with `province_name`, in the active language."""
    own = Area.objects.filter(kind=AreaKind.PROVINCE, province=OuterRef("province"))
    name = Subquery(own.values(in_language("name"))[:1])
    named: QuerySet[Any] = rows.annotate(province_name=name)
    return named


# --- budget --------------------------------------------------------------------------------


def years() -> list[int]:
    """Budget years that have a law, the newest first."""
    rows = Account.objects.order_by("-year").values_list("year", flat=True)
    return list(rows.distinct())


def closed(year: int) -> YearEnd | None:
    """The end of a year, once it was closed."""
    return YearEnd.objects.filter(pk=year).first()


def laws(year: int) -> QuerySet[Budget]:
    """What the law and its supplements gave, in order."""
    return Budget.objects.filter(year=year).order_by("at")


def allocations(reach: Reach, year: int) -> QuerySet[Any]:
    """Allocations of a year within reach, the newest first."""
    rows = with_province(Allocation.objects.filter(year=year))
    return within(reach, rows).order_by("-at")


def provinces() -> dict[str, Area]:
    """Statistical code → province."""
    return {area.province: area for area in Area.objects.filter(kind=AreaKind.PROVINCE)}


def limits() -> BitemporalQuerySet[Limit]:
    """Limits of today."""
    return Limit.objects.on(timezone.localdate())


def who_pays() -> QuerySet[User]:
    """Users who may order or release, by their grants of today."""
    from pooshesh.access.models import Grant

    live = Grant.objects.filter(
        role__in=["finance_clerk", "releaser"], valid__contains=timezone.localdate()
    )
    return User.objects.filter(pk__in=live.values("user"), is_active=True).order_by("full_name")


def names_of(user_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Full names of users, for histories."""
    wanted = {one for one in user_ids if one}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)}


# --- commitments and vouchers ----------------------------------------------------------------


def commitments(reach: Reach) -> QuerySet[Any]:
    """Decisions to be paid whose money stands on no voucher yet, in part or whole; the oldest
    first."""
    rows = Commitment.objects.filter(
        state=CommitmentState.COMMITTED, drawn__lt=F("amount")
    ).select_related("person")
    for some in held():
        rows = rows.filter(~Exists(some.filter(pk=OuterRef("object_id"))))
    return within(reach, with_disease(rows, "disease")).order_by("at")


def vouchers(reach: Reach) -> QuerySet[Any]:
    """Vouchers within reach, newest first."""
    rows = Voucher.objects.select_related("commitment", "payee", "order")
    return within(reach, with_disease(rows, "commitment__disease")).order_by("-at", "-number")


def search_vouchers(rows: QuerySet[Voucher], text: str) -> QuerySet[Voucher]:
    """By number, by the reference of a payment, or by the payee's whole sheba."""
    typed = to_latin_digits(clean(text)).upper().replace(" ", "")
    if typed.isdecimal() and len(typed) < 10:
        return rows.filter(number=int(typed))
    read = grade(Kind.SHEBA, typed)
    if read.grade is Grade.CHECKSUM:
        return rows.filter(payee__sheba_blind__in=keyring().indexes(read.value, SHEBA))
    return rows.filter(Exists(Payment.objects.filter(voucher=OuterRef("pk"), reference=typed)))


def waiting(reach: Reach) -> QuerySet[Any]:
    """Vouchers that can be ordered: drawn, whom they pay agreed, and no change of it waits."""
    rows = vouchers(reach).filter(state=VoucherState.VOUCHERED, payee__state__in=AGREED)
    open_ones = PayeeRecord.objects.filter(voucher=OuterRef("pk"), state=PayeeState.WAITING)
    return rows.exclude(Exists(open_ones)).order_by("year", "province", "number")


def sum_of(rows: QuerySet[Voucher]) -> Rial:
    """What vouchers come to."""
    return Rial(int(rows.order_by().aggregate(sum=Sum("amount"))["sum"] or 0))


def history(voucher: Voucher) -> list[Entry]:
    """What moved a voucher's money, newest first."""
    rows = Posting.objects.filter(voucher=voucher, amount__gt=0).select_related("entry")
    return [one.entry for one in rows.order_by("-entry__at", "-id")]


def payees(voucher: Voucher) -> QuerySet[PayeeRecord]:
    """Every payee a voucher had or was proposed, newest first."""
    return voucher.payees.order_by("-proposed_at")


def changes(reach: Reach) -> QuerySet[PayeeRecord]:
    """Changes of payees that wait for a second person, the oldest first."""
    rows = PayeeRecord.objects.filter(state=PayeeState.WAITING).select_related(
        "voucher__commitment", "voucher__payee"
    )
    return within(reach, rows, "voucher__").order_by("proposed_at")


def of_person(reach: Reach, person_id: UUID) -> list[Commitment]:
    """Decisions for a person, with their vouchers, newest first. 3 statements."""
    rows = Commitment.objects.filter(person__in=one_human(person_id))
    return list(within(reach, rows).prefetch_related("vouchers").order_by("-at"))


# --- orders and the bank ------------------------------------------------------------------------


def orders(reach: Reach) -> QuerySet[Order]:
    """Payment orders, newest first."""
    rows = Order.objects.select_related("file")
    return within(reach, rows).order_by("-ordered_at", "-number")


def in_order(order: Order) -> QuerySet[Any]:
    """The vouchers of an order; of one that was sent also those returned since."""
    paid = Payment.objects.filter(voucher=OuterRef("pk"), file__order=order)
    rows = Voucher.objects.filter(Q(order=order) | Exists(paid))
    rows = rows.select_related("commitment", "payee", "order")
    return with_disease(rows, "commitment__disease").order_by("number")


def origins(order: Order) -> list[tuple[PayeeState, int]]:
    """How the payees of an order came to their vouchers, and how many so."""
    found = dict(in_order(order).order_by().values_list("payee__state").annotate(n=Count("id")))
    return [(state, found[state.value]) for state in PayeeState if state.value in found]


def of_the_dead(orders: Iterable[Order]) -> list[Voucher]:
    """Vouchers of orders that pay a patient who died: such an order stops until it is sent back.

    4 statements at most, none without orders.
    """
    ids = [one.pk for one in orders]
    if not ids:
        return []
    rows = Voucher.objects.filter(order__in=ids, payee__kind=PayeeKind.PATIENT)
    own = list(rows.exclude(commitment__person=None).select_related("commitment"))
    dead = died(set(persons_of(own)))
    return [one for one in own if one.commitment.person_id in dead]


def answered(order: Order) -> dict[str, int]:
    """State → payments of an order."""
    rows = Payment.objects.filter(file__order=order).values_list("state")
    return dict(rows.annotate(n=Sum(1)).order_by())


def statements(reach: Reach) -> QuerySet[Any]:
    """Statements of the bank, newest first; `open` counts lines to be looked into."""
    waiting_lines = (
        StatementLine.objects.filter(statement=OuterRef("pk"), state=LineState.OPEN)
        .order_by()
        .values("statement")
        .annotate(n=Sum(1))
        .values("n")
    )
    rows = Statement.objects.annotate(open=Subquery(waiting_lines))
    return within(reach, with_province(rows)).order_by("-at")


def lines(reach: Reach) -> QuerySet[StatementLine]:
    """Lines of statements, the oldest first."""
    rows = StatementLine.objects.select_related("statement", "payment__voucher")
    return within(reach, rows, "statement__").order_by("on", "id")


def open_lines(reach: Reach) -> QuerySet[StatementLine]:
    """Lines that somebody must look into."""
    return lines(reach).filter(state=LineState.OPEN)


def unanswered(reach: Reach) -> QuerySet[Payment]:
    """Payments the bank has not answered in its time, the oldest first."""
    before = timezone.now() - terms.UNANSWERED
    rows = Payment.objects.filter(state=PaymentState.SENT, sent_at__lt=before)
    return within(reach, rows.select_related("voucher"), "voucher__").order_by("sent_at", "id")


def job(statement: Statement) -> Job | None:
    """The work on a statement."""
    return Job.objects.filter(pk=statement.job_id).first() if statement.job_id else None


def results(statement: Statement) -> dict[str, int]:
    """State → lines of a statement."""
    rows = StatementLine.objects.filter(statement=statement).values_list("state")
    return dict(rows.annotate(n=Sum(1)).order_by())


# --- advances, journal ---------------------------------------------------------------------------


def advances(reach: Reach) -> QuerySet[Any]:
    """Advances, newest first, with the state of their voucher and what was shown and given back."""
    own = Voucher.objects.filter(commitment__object_id=OuterRef("pk")).exclude(
        state=VoucherState.CANCELLED
    )
    rows = Advance.objects.select_related("facility").annotate(
        voucher_state=Subquery(own.values("state")[:1]),
        certified=Subquery(own.values("certified")[:1]),
        refunded=Subquery(own.values("refunded")[:1]),
        voucher=Subquery(own.values("pk")[:1]),
        voucher_number=Subquery(own.values("number")[:1]),
    )
    return within(reach, rows).order_by("-at")


def certificates(advance: Advance) -> QuerySet[Any]:
    """Certificates of an advance, newest first."""
    return with_disease(advance.certificates.all(), "disease").order_by("-proposed_at")


def waiting_certificates(reach: Reach) -> QuerySet[Certificate]:
    """Certificates that wait for a second person."""
    rows = Certificate.objects.filter(state=CertificateState.WAITING)
    return within(reach, rows, "advance__")


def journal(reach: Reach, year: int | None) -> QuerySet[Entry]:
    """Entries that touched accounts within reach, newest first; `moved` is how much in all."""
    touched = within(reach, Posting.objects.filter(entry=OuterRef("pk")), "account__")
    if year:
        touched = touched.filter(account__year=year)
    into: Any = touched.filter(amount__gt=0).order_by().values("entry").annotate(n=Sum("amount"))
    rows = Entry.objects.filter(Exists(touched)).annotate(moved=Subquery(into.values("n")))
    return rows.order_by("-at", "-id")


def persons_of(vouchers: Sequence[Voucher]) -> list[UUID]:
    """Whose money it is; their commitments are loaded."""
    return [one.commitment.person_id for one in vouchers if one.commitment.person_id]
