"""Addresses of the fund."""

from django.urls import path

from pooshesh.fund import apply_pages, intake_pages, pages, reason_pages

app_name = "fund"
urlpatterns = [
    path("fund/desk/", pages.desk_page, name="desk"),
    path("fund/desk/next/", pages.desk_next, name="next"),
    path("fund/desk/<str:kind>/<uuid:row_id>/skip/", pages.desk_skip, name="skip"),
    path("fund/desk/<str:kind>/<uuid:row_id>/hold/", pages.desk_hold, name="hold"),
    path("fund/apply/", apply_pages.apply, name="apply"),
    path("fund/apply/doubles/", apply_pages.doubles, name="doubles"),
    path("fund/apply/<uuid:person_id>/", apply_pages.apply_for, name="apply_for"),
    path("fund/applications/", pages.application_list, name="applications"),
    path("fund/applications/mine/", pages.brought, name="brought"),
    path("fund/applications/<uuid:application_id>/", pages.application, name="application"),
    path("fund/applications/<uuid:application_id>/send/", pages.send, name="send"),
    path("fund/applications/<uuid:application_id>/return/", pages.return_, name="return"),
    path("fund/applications/<uuid:application_id>/documents/", pages.bring, name="bring"),
    path("fund/applications/<uuid:application_id>/letter.pdf", pages.receipt, name="receipt"),
    path("fund/applications/<uuid:application_id>/<str:verb>/", pages.step, name="step"),
    path("fund/files/", pages.file_list, name="files"),
    path("fund/files/<uuid:file_id>/", pages.file, name="file"),
    path("fund/reasons/", reason_pages.reason_list, name="reasons"),
    path("fund/reasons/new/", reason_pages.new, name="reason_new"),
    path("fund/reasons/<slug:code>/", reason_pages.reason, name="reason"),
    path("fund/reasons/<slug:code>/<str:verb>/", reason_pages.step, name="reason_step"),
    path("fund/sheets/", intake_pages.intake_list, name="intakes"),
    path("fund/sheets/template.xlsx", intake_pages.template, name="intake_template"),
    path("fund/sheets/<uuid:intake_id>/", intake_pages.intake, name="intake"),
    path("fund/sheets/<uuid:intake_id>/write/", intake_pages.write, name="intake_write"),
    path("fund/sheets/<uuid:intake_id>/cancel/", intake_pages.cancel, name="intake_cancel"),
    path("fund/sheets/<uuid:intake_id>/refused/", intake_pages.refused, name="intake_refused"),
]
