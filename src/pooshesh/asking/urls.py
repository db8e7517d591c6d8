from django.urls import path

from pooshesh.asking import ask_pages, pages

app_name = "asking"
urlpatterns = [
    path("figures/", pages.director, name="director"),
    path("figures/ask/", ask_pages.ask, name="ask"),
    path("figures/ask/save/", ask_pages.save, name="save"),
    path("figures/ask/views/<uuid:view_id>/", ask_pages.change, name="change"),
    path("figures/ask/views/<uuid:view_id>/delete/", ask_pages.delete, name="delete"),
]
