"""Addresses of people."""

from django.urls import path

from pooshesh.people import merge_pages, pages, pair_pages, register_pages

app_name = "people"
_PERSON, _HOUSEHOLD = "persons/<uuid:person_id>/", "households/<uuid:household_id>/"
_PAIR = "persons/pairs/<uuid:link_id>/"
urlpatterns = [
    path("persons/", pages.search, name="search"),
    path("persons/nations/", register_pages.nations, name="nations"),
    path("persons/purpose/", pages.purpose, name="purpose"),
    path("persons/emergency/", pages.break_glass, name="break_glass"),
    path("persons/new/", register_pages.person_new, name="person_new"),
    path("persons/doubles/", register_pages.doubles, name="doubles"),
    path("persons/pairs/", pair_pages.index, name="pairs"),
    path("persons/pairs/next/", pair_pages.start, name="pair_start"),
    path("persons/pairs/undo/", pair_pages.undo, name="pair_undo"),
    path(_PAIR, pair_pages.pair, name="pair"),
    path(f"{_PAIR}reveal/", pair_pages.reveal, name="pair_reveal"),
    path(f"{_PAIR}skip/", pair_pages.skip, name="pair_skip"),
    path(f"{_PAIR}next/", pair_pages.onward, name="pair_onward"),
    path(f"{_PAIR}renew/", pair_pages.renew, name="pair_renew"),
    path(_PERSON, pages.person, name="person"),
    path(f"{_PERSON}same/", merge_pages.merge, name="merge"),
    path("persons/merges/<uuid:merge_id>/undo/", merge_pages.unmerge, name="unmerge"),
    path(f"{_PERSON}name/", pages.rename, name="rename"),
    path(f"{_PERSON}identifier/", pages.set_identifier, name="set_identifier"),
    path(f"{_PERSON}identifier/<uuid:identifier_id>/", pages.reveal, name="reveal"),
    path(f"{_PERSON}mobile/", pages.set_mobile, name="set_mobile"),
    path(f"{_PERSON}move/", pages.move, name="move"),
    path(f"{_PERSON}standing/", pages.set_standing, name="set_standing"),
    path(f"{_PERSON}death/", pages.record_death, name="record_death"),
    path("households/new/", register_pages.household_new, name="household_new"),
    path(_HOUSEHOLD, pages.household, name="household"),
    path(f"{_HOUSEHOLD}members/new/", register_pages.member_new, name="member_new"),
    path(f"{_HOUSEHOLD}decile/", pages.set_decile, name="set_decile"),
]
