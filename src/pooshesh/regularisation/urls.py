"""Addresses of regularisation."""

from django.urls import path

from pooshesh.regularisation import difference_pages, pages, sheet_pages

app_name = "regularisation"
urlpatterns = [
    path("nationals/", pages.figures, name="figures"),
    path("nationals/cases/", pages.case_list, name="cases"),
    path("nationals/cases/<uuid:case_id>/", pages.case, name="case"),
    path("nationals/cases/<uuid:case_id>/document/", pages.document, name="document"),
    path("nationals/cases/<uuid:case_id>/<str:verb>/", pages.step, name="step"),
    path("nationals/documents/<uuid:document_id>/reveal/", pages.reveal, name="reveal"),
    path("nationals/persons/<uuid:person_id>/open/", pages.open_case, name="open"),
    path("nationals/pseudo/", pages.pseudo, name="pseudo"),
    path("nationals/pseudo/<uuid:identifier_id>/", pages.pseudo_id, name="pseudo_id"),
    path("nationals/persons/<uuid:person_id>/held/", pages.ask, name="ask"),
    path("nationals/held/<uuid:inquiry_id>.pdf", pages.held_sheet, name="held"),
    path("nationals/sheets/", sheet_pages.sheet_list, name="sheets"),
    path("nationals/sheets/<uuid:sheet_id>/", sheet_pages.sheet, name="sheet"),
    path("nationals/sheets/<uuid:sheet_id>/write/", sheet_pages.sheet_write, name="sheet_write"),
    path(
        "nationals/sheets/<uuid:sheet_id>/cancel/", sheet_pages.sheet_cancel, name="sheet_cancel"
    ),
    path("nationals/brought/", sheet_pages.own_rows, name="own_rows"),
    path("nationals/look/", sheet_pages.look, name="look"),
    path("cover-differences/", difference_pages.difference_list, name="differences"),
    path(
        "cover-differences/<uuid:difference_id>/", difference_pages.difference, name="difference"
    ),
    path(
        "cover-differences/<uuid:difference_id>/letter.pdf", difference_pages.letter,
        name="letter",
    ),
    path("cover-differences/<uuid:difference_id>/<str:verb>/", difference_pages.act, name="act"),
]  # fmt: skip
