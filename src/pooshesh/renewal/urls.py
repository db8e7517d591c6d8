"""Addresses of renewal."""

from django.urls import path

from pooshesh.renewal import appeal_pages, item_pages, outreach_pages, pages, sheet_pages

app_name = "renewal"
_RUN, _ITEM = "renewal/runs/<uuid:run_id>/", "renewal/items/<uuid:item_id>/"
urlpatterns = [
    path("renewal/", pages.runs, name="runs"),
    path(_RUN, pages.run, name="run"),
    path(f"{_RUN}rows/", pages.rows, name="rows"),
    path(f"{_RUN}letters/<int:part>/", pages.letters, name="letters"),
    path(f"{_RUN}renew/", pages.renew, name="renew"),
    path(f"{_RUN}stop/", pages.stop, name="stop"),
    path("renewal/items/", item_pages.items, name="items"),
    path("renewal/items/next/", item_pages.following, name="next"),
    path(_ITEM, item_pages.item, name="item"),
    path(f"{_ITEM}skip/", item_pages.skip, name="skip"),
    path(f"{_ITEM}renew/", item_pages.renew, name="item_renew"),
    path(f"{_ITEM}end/", item_pages.end, name="item_end"),
    path(f"{_ITEM}decile/", item_pages.decile, name="item_decile"),
    path(f"{_ITEM}note/", item_pages.note, name="item_note"),
    path(f"{_ITEM}notice/", item_pages.notice, name="item_notice"),
    path(f"{_ITEM}letter/", item_pages.letter, name="item_letter"),
    path("renewal/deciles/", sheet_pages.sheets, name="sheets"),
    path("renewal/deciles/<uuid:sheet_id>/", sheet_pages.sheet, name="sheet"),
    path("renewal/deciles/<uuid:sheet_id>/write/", sheet_pages.write, name="sheet_write"),
    path("renewal/appeals/", appeal_pages.appeals, name="appeals"),
    path("renewal/appeals/<uuid:appeal_id>/", appeal_pages.appeal, name="appeal"),
    path("renewal/appeals/<uuid:appeal_id>/letter/", appeal_pages.letter, name="appeal_letter"),
    path("renewal/appeals/<uuid:appeal_id>/<slug:verb>/", appeal_pages.move, name="appeal_move"),
    path("households/<uuid:household_id>/appeal/", appeal_pages.file, name="file_appeal"),
    path("renewal/entitled/", outreach_pages.outreach, name="outreach"),
    path("renewal/entitled/areas/", outreach_pages.areas, name="told_areas"),
    path("renewal/entitled/send/", outreach_pages.send, name="send"),
    path("renewal/entitled/<uuid:outreach_id>/", outreach_pages.one, name="told"),
]  # fmt: skip
