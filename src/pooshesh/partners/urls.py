"""Addresses of partners."""

from django.urls import path

from pooshesh.partners import agreement_pages, hand_over_pages, pages, task_pages

app_name = "partners"
urlpatterns = [
    path("organisations/", pages.organisation_list, name="organisations"),
    path("organisations/new/", pages.organisation_new, name="organisation_new"),
    path("organisations/<slug:code>/", pages.organisation, name="organisation"),
    path("organisations/<slug:code>/change/", pages.organisation_change, name="change"),
    path("organisations/<slug:code>/office/", pages.office_new, name="office_new"),
    path("organisations/<slug:code>/contact/", pages.contact_new, name="contact_new"),
    path("organisations/<slug:code>/officer/", pages.officer_new, name="officer_new"),
    path("organisations/<slug:code>/<slug:what>/<int:line>/end/", pages.end_line, name="end"),
    path("sponsors/", pages.sponsors, name="sponsors"),
    path("agreements/", agreement_pages.agreement_list, name="agreements"),
    path("agreements/new/", agreement_pages.agreement_new, name="agreement_new"),
    path("agreements/<uuid:agreement_id>/", agreement_pages.agreement, name="agreement"),
    path(
        "agreements/<uuid:agreement_id>/papers/<uuid:paper_id>/", agreement_pages.paper,
        name="paper",
    ),
    path("hand-overs/", hand_over_pages.hand_over_list, name="hand_overs"),
    path("hand-overs/new/", hand_over_pages.hand_over_new, name="hand_over_new"),
    path("hand-overs/<uuid:hand_over_id>/", hand_over_pages.hand_over, name="hand_over"),
    path(
        "hand-overs/<uuid:hand_over_id>/certificate/", hand_over_pages.certificate,
        name="certificate",
    ),
    path(
        "hand-overs/<uuid:hand_over_id>/<slug:verb>/", hand_over_pages.hand_over_act,
        name="hand_over_act",
    ),
    path("tasks/", task_pages.task_list, name="tasks"),
    path("tasks/new/", task_pages.task_new, name="task_new"),
    path("tasks/<uuid:task_id>/", task_pages.task, name="task"),
    path("tasks/<uuid:task_id>/<slug:verb>/", task_pages.task_act, name="task_act"),
]  # fmt: skip
