"""Addresses of neighbourhoods."""

from django.urls import path

from pooshesh.neighbourhoods import pages

app_name = "neighbourhoods"
urlpatterns = [
    path("console/", pages.console, name="console"),
    path("scorecards/", pages.scorecards, name="scorecards"),
    path("needs/", pages.needs_list, name="needs"),
    path("needs/new/", pages.needs_new, name="needs_new"),
    path("needs/<uuid:assessment_id>/", pages.assessment, name="assessment"),
    path("needs/<uuid:assessment_id>/step/", pages.assessment_step, name="assessment_step"),
    path("benefits/", pages.benefit_list, name="benefits"),
    path("benefits/new/", pages.benefit_new, name="benefit_new"),
    path("benefits/sheet/", pages.benefit_sheet, name="benefit_sheet"),
    path("benefits/<uuid:benefit_id>/", pages.benefit, name="benefit"),
]
