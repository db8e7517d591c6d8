from django.urls import path

from pooshesh.briefing import pages

app_name = "briefing"
urlpatterns = [
    path("briefings/", pages.briefing_list, name="list"),
    path("briefings/new/", pages.make, name="make"),
    path("briefings/key.pem", pages.key, name="key"),
    path("briefings/templates/", pages.template_list, name="templates"),
    path("briefings/templates/new/", pages.add, name="add"),
    path("briefings/templates/<slug:code>/", pages.template, name="template"),
    path("briefings/templates/<slug:code>/change/", pages.change, name="change"),
    path("briefings/<uuid:briefing_id>/", pages.briefing, name="briefing"),
    path("briefings/<uuid:briefing_id>/sign/", pages.sign, name="sign"),
    path("briefings/<uuid:briefing_id>/again/", pages.again, name="again"),
    path("briefings/<uuid:briefing_id>/<str:name>", pages.file, name="file"),
]
