"""Addresses of coverage."""

from django.urls import path

from pooshesh.coverage import billing_pages, household_pages, list_pages, pages, verify_pages

app_name = "coverage"
_PERSON, _HOUSEHOLD = "persons/<uuid:person_id>/cover/", "households/<uuid:household_id>/cover/"
urlpatterns = [
    path("cover/schemes/", list_pages.schemes, name="schemes"),
    path("cover/spells/", list_pages.spells, name="spells"),
    path("cover/arrears/", list_pages.arrears, name="arrears"),
    path("cover/arrears/bill/", billing_pages.bill, name="bill"),
    path("cover/notices/", list_pages.notices, name="notices"),
    path("cover/double/", list_pages.doubles, name="doubles"),
    path("cover/births/", list_pages.births, name="births"),
    path("cover/<uuid:spell_id>/undo/", pages.undo, name="undo"),
    path("cover/endings/<uuid:ending_id>/undo/", pages.undo_ending, name="undo_ending"),
    path("cover/notices/<uuid:notice_id>/letter/", pages.letter, name="letter"),
    path("cover/notices/<uuid:notice_id>/withdraw/", pages.withdraw_notice, name="withdraw"),
    path("cover/cards/<uuid:proof_id>/", pages.card, name="card"),
    path("cover/cards/<uuid:proof_id>/revoke/", pages.revoke_card, name="revoke_card"),
    path("cover/invoices/<uuid:invoice_id>/", household_pages.invoice, name="invoice"),
    path(
        "cover/invoices/<uuid:invoice_id>/cancel/", household_pages.invoice_cancel,
        name="invoice_cancel",
    ),
    path("cover/payments/<uuid:payment_id>/", household_pages.receipt, name="receipt"),
    path(
        "cover/applications/<uuid:application_id>/", household_pages.application,
        name="application",
    ),
    path("cover/documents/<uuid:document_id>/", household_pages.document, name="document"),
    path(_PERSON, pages.person, name="person"),
    path(f"{_PERSON}notice/", pages.give_notice, name="notice"),
    path(f"{_PERSON}suspend/", pages.suspend, name="suspend"),
    path(f"{_PERSON}revive/", pages.revive, name="revive"),
    path(f"{_PERSON}card/", pages.issue_card, name="issue_card"),
    path(f"{_PERSON}newborn/", pages.newborn, name="newborn"),
    path(f"{_PERSON}double/<slug:insurer>/", pages.resolve, name="resolve"),
    path(_HOUSEHOLD, household_pages.household, name="household"),
    path(f"{_HOUSEHOLD}enrol/", household_pages.enrol, name="enrol"),
    path(f"{_HOUSEHOLD}invoice/", household_pages.invoice_new, name="invoice_new"),
    path(f"{_HOUSEHOLD}pay/", household_pages.pay, name="pay"),
    path(f"{_HOUSEHOLD}refund/", household_pages.refund, name="refund"),
    path("verify/", verify_pages.verify, name="verify"),
    path("verify/<str:code>/", verify_pages.verify_code, name="verify_code"),
]  # fmt: skip
