"""What the ledger puts on the home page: what waits for who pays and who releases."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.ledger import lists
from pooshesh.ledger.models import OrderState
from pooshesh.ledger.queries import ORDER, READ, RELEASE
from pooshesh.web.registry import HomeLine


def work(user: User) -> Sequence[HomeLine] | None:
    """Payments that wait for this user; None for who only looks on."""
    lines = []
    if user.may(RELEASE):
        under_way = list(
            lists.orders(user.reach(RELEASE))
            .filter(state__in=[OrderState.ORDERED, OrderState.RELEASED])
            .order_by()
        )
        by_state = {
            state: [one for one in under_way if one.state == state]
            for state in (OrderState.ORDERED, OrderState.RELEASED)
        }
        stopped = {one.order_id for one in lists.of_the_dead(by_state[OrderState.RELEASED])}
        address = reverse("ledger:orders")
        lines += [
            HomeLine(_("Orders to release"), f"{address}?state=ordered",
                     len(by_state[OrderState.ORDERED])),
            HomeLine(_("Released payments of patients who died since"), f"{address}?state=released",
                     len(stopped)),
        ]  # fmt: skip
    if user.may(ORDER):
        reach = user.reach(ORDER)
        released = lists.orders(reach).filter(state=OrderState.RELEASED)
        lines += [
            HomeLine(_("Decisions waiting for a voucher"), reverse("ledger:commitments"),
                     lists.commitments(reach).count()),
            HomeLine(_("Vouchers waiting to be ordered"), reverse("ledger:order_new"),
                     lists.waiting(reach).count()),
            HomeLine(_("Released, without a bank file"),
                     f"{reverse('ledger:orders')}?state=released", released.count()),
            HomeLine(_("Changes of payees that wait"), reverse("ledger:changes"),
                     lists.changes(reach).count()),
            HomeLine(_("Lines of the bank to be looked into"), reverse("ledger:lines"),
                     lists.open_lines(reach).count()),
            HomeLine(_("Payments the bank has not answered"), reverse("ledger:unanswered"),
                     lists.unanswered(reach).count()),
        ]  # fmt: skip
    return [line for line in lines if line.count] if lines and user.may(READ) else None
