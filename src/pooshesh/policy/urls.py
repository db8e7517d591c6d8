"""Addresses of policy."""

from django.urls import path

from pooshesh.policy import decision_pages, pages, scenario_pages, version_pages

app_name = "policy"
_VERSION = "versions/<uuid:version_id>/"
_DECISION = "persons/<uuid:person_id>/decisions/<uuid:decision_id>/"
_SCENARIO = "scenarios/<uuid:scenario_id>/"
urlpatterns = [
    path("rules/", pages.packs, name="packs"),
    path("rules/<str:name>/", pages.pack, name="pack"),
    path("rules/<str:name>/try/", pages.try_person, name="try"),
    path("rules/<str:name>/rule/<slug:rule>/", pages.rule, name="rule"),
    path("rules/<str:name>/change/", version_pages.change, name="change"),
    path("rules/<str:name>/upload/", version_pages.upload, name="upload"),
    path("versions/", version_pages.version_list, name="versions"),
    path(_VERSION, version_pages.version, name="version"),
    path(f"{_VERSION}progress/", version_pages.version_progress, name="version_progress"),
    path(f"{_VERSION}count/", version_pages.version_count, name="version_count"),
    path(f"{_VERSION}effect.xlsx", version_pages.version_effect, name="version_effect"),
    path(f"{_VERSION}answer/", version_pages.version_answer, name="version_answer"),
    path("scenarios/", scenario_pages.scenario_list, name="scenarios"),
    path("scenarios/new/", scenario_pages.scenario_new, name="scenario_new"),
    path("scenarios/compare/", scenario_pages.scenario_compare, name="scenario_compare"),
    path(_SCENARIO, scenario_pages.scenario, name="scenario"),
    path(f"{_SCENARIO}progress/", scenario_pages.scenario_progress, name="scenario_progress"),
    path(f"{_SCENARIO}count/", scenario_pages.scenario_count, name="scenario_count"),
    path(f"{_SCENARIO}effect.xlsx", scenario_pages.scenario_effect, name="scenario_effect"),
    path(f"{_SCENARIO}remark/", scenario_pages.scenario_remark, name="scenario_remark"),
    path(f"{_DECISION}letter/", decision_pages.letter, name="letter"),
    path(f"api/{_DECISION}", decision_pages.explanation, name="explanation"),
]
