"""Addresses of requests."""

from django.urls import path

from pooshesh.requests import appeal_pages, bring_pages, committee_pages, pages, paper_pages

app_name = "requests"
urlpatterns = [
    path("fund/requests/", pages.request_list, name="requests"),
    path("fund/requests/brought/", pages.brought, name="brought"),
    path("fund/requests/find/", bring_pages.find, name="find"),
    path("fund/requests/new/<uuid:file_id>/", bring_pages.new, name="new"),
    path("fund/requests/doubts/", pages.doubts, name="doubts"),
    path("fund/requests/doubts/<uuid:doubt_id>/", pages.doubt, name="doubt"),
    path("fund/requests/appeals/", appeal_pages.appeals, name="appeals"),
    path("fund/requests/appeals/<uuid:appeal_id>/", appeal_pages.appeal, name="appeal"),
    path(
        "fund/requests/appeals/<uuid:appeal_id>/letter.pdf", paper_pages.appeal_letter,
        name="appeal_letter",
    ),
    path("fund/requests/<uuid:request_id>/", pages.request, name="request"),
    path("fund/requests/<uuid:request_id>/change/", bring_pages.change, name="change"),
    path("fund/requests/<uuid:request_id>/act/", pages.act, name="act"),
    path("fund/requests/<uuid:request_id>/appeal/", appeal_pages.bring, name="bring_appeal"),
    path("fund/requests/<uuid:request_id>/letter.pdf", paper_pages.letter, name="letter"),
    path("fund/requests/<uuid:request_id>/sheet/", committee_pages.sheet, name="sheet"),
    path("fund/requests/<uuid:request_id>/agree/", committee_pages.agree, name="agree"),
    path("fund/committees/", committee_pages.bodies, name="bodies"),
    path("fund/committees/<uuid:body_id>/", committee_pages.committee, name="committee"),
    path("fund/committees/<uuid:body_id>/put/", committee_pages.put, name="put"),
    path("fund/committees/<uuid:body_id>/practice/", committee_pages.practice, name="practice"),
    path(
        "fund/committees/sessions/<uuid:session_id>/sheets.pdf", paper_pages.sheets, name="sheets"
    ),
    path(
        "fund/committees/sessions/<uuid:session_id>/papers.pdf", paper_pages.papers, name="papers"
    ),
]  # fmt: skip
