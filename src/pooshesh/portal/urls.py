"""Addresses of the portal."""

from django.urls import path

from pooshesh.portal import desk_pages, my_pages, paper_pages, request_pages, sign_pages

app_name = "portal"
urlpatterns = [
    path("my/", sign_pages.enter, name="enter"),
    path("my/code/", sign_pages.code, name="code"),
    path("my/ended/", sign_pages.ended, name="ended"),
    path("my/out/", sign_pages.leave, name="leave"),
    path("my/file/", my_pages.file, name="file"),
    path("my/first/", sign_pages.first, name="first"),
    path("my/apply/", my_pages.apply, name="apply"),
    path("my/applications/<uuid:application_id>/", my_pages.application, name="application"),
    path("my/applications/<uuid:application_id>/bring/", my_pages.bring, name="bring"),
    path("my/applications/<uuid:application_id>/complete/", my_pages.complete, name="complete"),
    path("my/applications/<uuid:application_id>/withdraw/", my_pages.withdraw, name="withdraw"),
    path("my/applications/<uuid:application_id>/appeal/", my_pages.appeal_refusal, name="appeal"),
    path("my/applications/<uuid:application_id>/letter.pdf", paper_pages.receipt, name="receipt"),
    path("my/requests/<uuid:request_id>/letter.pdf", paper_pages.letter, name="letter"),
    path("my/appeals/<uuid:appeal_id>/letter.pdf", paper_pages.appeal_letter, name="appeal_letter"),
    path("my/requests/new/", request_pages.choose, name="request_choose"),
    path("my/requests/new/<slug:disease>/<slug:kind>/", request_pages.new, name="request_new"),
    path("my/requests/<uuid:request_id>/", request_pages.one, name="request"),
    path("my/requests/<uuid:request_id>/change/", request_pages.change, name="request_change"),
    path("my/requests/<uuid:request_id>/bring/", request_pages.bring, name="request_bring"),
    path("my/requests/<uuid:request_id>/submit/", request_pages.submit, name="request_submit"),
    path(
        "my/requests/<uuid:request_id>/withdraw/", request_pages.withdraw, name="request_withdraw"
    ),
    path("my/requests/<uuid:request_id>/answer/", request_pages.answer, name="request_answer"),
    path("my/requests/<uuid:request_id>/appeal/", request_pages.appeal, name="request_appeal"),
    path(
        "my/requests/<uuid:request_id>/appeal/answer/",
        request_pages.appeal_answer,
        name="appeal_answer",
    ),
    path(
        "my/requests/<uuid:request_id>/appeal/withdraw/",
        request_pages.appeal_withdraw,
        name="appeal_withdraw",
    ),
    path("my/money/", my_pages.money, name="money"),
    path("my/print/", my_pages.printed, name="print"),
    path("my/tags/<uuid:tag_id>/", paper_pages.certificate, name="certificate"),
    path("my/documents/<uuid:document_id>/", paper_pages.document, name="document"),
    path("my/readers/", my_pages.readers, name="readers"),
    path("my/messages/", my_pages.messages, name="messages"),
    path("portal/mandates/", desk_pages.mandate_list, name="mandates"),
    path("portal/mandates/of/<uuid:person_id>/", desk_pages.mandate_new, name="mandate_new"),
    path("portal/mandates/<uuid:mandate_id>/", desk_pages.mandate, name="mandate"),
    path("portal/newcomers/", desk_pages.newcomer_list, name="newcomers"),
    path("portal/newcomers/<uuid:newcomer_id>/", desk_pages.newcomer, name="newcomer"),
    path("portal/words/", desk_pages.templates, name="templates"),
    path("portal/words/<slug:event>/", desk_pages.template, name="template"),
]
