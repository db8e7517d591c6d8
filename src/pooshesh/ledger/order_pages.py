"""Pages of payment orders: choose vouchers, release or refuse, the bank's file."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.ledger import adapters, bank_files, forms, lists, orders, queries, tables
from pooshesh.ledger.models import LimitVerb, Order, OrderState, PaymentState
from pooshesh.ledger.states import PAYMENT_ORDER
from pooshesh.web.format import digits

READ, ORDER, RELEASE = queries.READ, queries.ORDER, queries.RELEASE


@needs(READ)
def order_list(request: SignedIn) -> HttpResponseBase:
    """Payment orders, narrowed by state."""
    rows = lists.orders(request.user.reach(READ))
    state = request.GET.get("state", "")
    if state in OrderState.values:
        rows = rows.filter(state=state)
    context = {"narrow": forms.OrderNarrow(request.GET), "may_order": request.user.may(ORDER)}
    return tables.OrderTable(request, rows).respond("ledger/orders.html", context)


@needs(ORDER)
def order_new(request: SignedIn) -> HttpResponseBase:
    """Choose vouchers that wait and order their payment."""
    waiting = lists.waiting(request.user.reach(ORDER))
    purses = sorted(set(waiting.values_list("year", "province").order_by()))
    asked = request.GET.get("purse", "")
    own = next((p for p in purses if f"{p[0]}-{p[1]}" == asked), purses[0] if purses else None)
    if own:
        waiting = waiting.filter(year=own[0], province=own[1])
    if request.method == "POST":
        chosen = set(request.POST.getlist("voucher"))
        rows = waiting if "all" in request.POST else [v for v in waiting if str(v.pk) in chosen]
        try:
            made = orders.order(list(rows), actor=request.user.pk)
        except Invalid as error:
            messages.error(request, error.message())
        else:
            messages.success(request, _("The payment was ordered; somebody else releases it."))
            return redirect("ledger:order", made.pk)
    table = tables.WaitingTable(request, waiting)
    audit.record(
        "ledger.list", actor=request.user.pk, kind="voucher",
        persons=lists.persons_of(table.page_rows),
    )  # fmt: skip
    names = lists.provinces()
    context = {
        "purses": [(f"{y}-{p}", digits(str(y)), names[p]) for y, p in purses], "own": own,
        "limit": orders.limit_of(LimitVerb.ORDER, request.user.pk), "more": table.pages > 1,
        "left_today": orders.left_today(LimitVerb.ORDER, request.user.pk),
        "total": lists.sum_of(waiting),
    }  # fmt: skip
    return table.respond("ledger/order_new.html", context)


def _order(request: SignedIn, order_id: UUID, permission: str = READ) -> Order:
    one = lists.found(lists.orders(request.user.reach(permission)), order_id)
    if one is None:
        raise Http404
    return one


@require_safe
@needs(READ)
def order(request: SignedIn, order_id: UUID) -> HttpResponseBase:
    """One payment order: its vouchers, who ordered and released it, the bank's answers."""
    one = _order(request, order_id)
    user = request.user
    table = tables.OrderVoucherTable(request, lists.in_order(one))
    audit.record(
        "ledger.list", actor=user.pk, kind="voucher", purpose=request.GET.get("export", ""),
        persons=lists.persons_of(table.page_rows),
    )  # fmt: skip
    releases = user.reach(RELEASE).covers(one.area_path)
    pays = user.reach(ORDER).covers(one.area_path)
    names = lists.names_of([one.ordered_by, one.decided_by])
    found = lists.answered(one) if one.state == OrderState.SENT else {}
    possible = PAYMENT_ORDER.verbs(one.state)
    dead = lists.of_the_dead(
        [one] if one.state in (OrderState.ORDERED, OrderState.RELEASED) else []
    )
    context = {
        "one": one, "number": tables.shown_number(one), "total": Rial(one.total),
        "ordered_by": names.get(one.ordered_by, ""), "decided_by": names.get(one.decided_by, ""),
        "answers": [(state, found.get(state.value, 0)) for state in PaymentState] if found else [],
        "may_release": releases and "release" in possible and one.ordered_by != user.pk,
        "may_refuse": "refuse" in possible and (releases or one.ordered_by == user.pk),
        "may_send": pays and "send" in possible,
        "may_download": pays and one.state == OrderState.SENT,
        "limit": orders.limit_of(LimitVerb.RELEASE, user.pk) if releases else None,
        "left_today": orders.left_today(LimitVerb.RELEASE, user.pk) if releases else None,
        "dead": [tables.shown_number(voucher) for voucher in dead],
        "origins": lists.origins(one),
        "form": forms.ReasonForm(),
    }  # fmt: skip
    return table.respond("ledger/order.html", context)


@require_POST
@needs(READ)
def order_act(request: SignedIn, order_id: UUID, verb: str) -> HttpResponse:
    """Release or refuse what somebody else ordered; take one's own back; write the bank file."""
    user = request.user
    one = _order(request, order_id)
    releases = user.reach(RELEASE).covers(one.area_path)
    pays = user.reach(ORDER).covers(one.area_path)
    own = pays and one.ordered_by == user.pk
    allowed = {"release": releases, "send": pays, "refuse": releases or own}
    if not allowed.get(verb):
        raise Http404
    try:
        if verb == "release":
            orders.release(one, actor=user.pk)
        elif verb == "send":
            bank_files.send(one, actor=user.pk)
        else:
            orders.refuse(one, why=request.POST.get("why", ""), actor=user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("Saved."))
    return redirect("ledger:order", one.pk)


@require_POST
@needs(ORDER)
def order_file(request: SignedIn, order_id: UUID) -> HttpResponse:
    """The bank's file of an order, the same each time; who took it is written down."""
    one = _order(request, order_id, ORDER)
    if one.state != OrderState.SENT:
        raise Http404
    try:
        content = bank_files.download(one.file, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
        return redirect("ledger:order", one.pk)
    response = HttpResponse(content, content_type="application/octet-stream")
    name = f"payments-{one.year}-{one.province}-{one.number}.{adapters.bank().ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
