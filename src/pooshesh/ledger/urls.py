"""Addresses of the ledger."""

from django.urls import path

from pooshesh.ledger import advance_pages, bank_pages, order_pages, pages, voucher_pages

app_name = "ledger"
urlpatterns = [
    path("ledger/", pages.budget, name="budget"),
    path("ledger/law/", pages.law, name="law"),
    path("ledger/allocate/", pages.allocate, name="allocate"),
    path("ledger/allocations/", pages.allocations, name="allocations"),
    path("ledger/close/", pages.close_year, name="close_year"),
    path("ledger/limits/", pages.limits, name="limits"),
    path("ledger/journal/", pages.journal, name="journal"),
    path("ledger/proof/", pages.proof, name="proof"),
    path("ledger/decisions/", voucher_pages.commitment_list, name="commitments"),
    path("ledger/decisions/draw/", voucher_pages.draw_known, name="draw_known"),
    path("ledger/decisions/<uuid:commitment_id>/", voucher_pages.draw, name="draw"),
    path("ledger/vouchers/", voucher_pages.voucher_list, name="vouchers"),
    path("ledger/vouchers/<uuid:voucher_id>/", voucher_pages.voucher, name="voucher"),
    path("ledger/vouchers/<uuid:voucher_id>/paper/", voucher_pages.voucher_pdf, name="paper"),
    path("ledger/vouchers/<uuid:voucher_id>/payee/", voucher_pages.payee_change, name="payee"),
    path("ledger/vouchers/<uuid:voucher_id>/refund/", voucher_pages.refund, name="refund"),
    path(
        "ledger/vouchers/<uuid:voucher_id>/<slug:verb>/", voucher_pages.voucher_act,
        name="voucher_act",
    ),
    path("ledger/payees/", voucher_pages.change_list, name="changes"),
    path(
        "ledger/payees/<uuid:change_id>/<slug:verb>/", voucher_pages.payee_decide,
        name="payee_decide",
    ),
    path("ledger/orders/", order_pages.order_list, name="orders"),
    path("ledger/orders/new/", order_pages.order_new, name="order_new"),
    path("ledger/orders/<uuid:order_id>/", order_pages.order, name="order"),
    path("ledger/orders/<uuid:order_id>/file/", order_pages.order_file, name="order_file"),
    path("ledger/orders/<uuid:order_id>/<slug:verb>/", order_pages.order_act, name="order_act"),
    path("ledger/statements/", bank_pages.statement_list, name="statements"),
    path("ledger/statements/<uuid:statement_id>/", bank_pages.statement, name="statement"),
    path("ledger/lines/", bank_pages.line_list, name="lines"),
    path("ledger/lines/<int:line_id>/", bank_pages.line, name="line"),
    path("ledger/lines/<int:line_id>/<slug:verb>/", bank_pages.line_act, name="line_act"),
    path("ledger/unanswered/", bank_pages.unanswered, name="unanswered"),
    path("ledger/advances/", advance_pages.advance_list, name="advances"),
    path("ledger/advances/new/", advance_pages.advance_new, name="advance_new"),
    path("ledger/advances/providers/", advance_pages.facility_choices, name="facility_choices"),
    path("ledger/advances/<uuid:advance_id>/", advance_pages.advance, name="advance"),
    path(
        "ledger/advances/<uuid:advance_id>/certificate/", advance_pages.certificate_new,
        name="certificate_new",
    ),
    path(
        "ledger/certificates/<uuid:certificate_id>/<slug:verb>/",
        advance_pages.certificate_decide, name="certificate_decide",
    ),
]  # fmt: skip
