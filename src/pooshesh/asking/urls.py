from django.urls import path

from pooshesh.asking import pages

app_name = "asking"
urlpatterns = [
    path("figures/", pages.director, name="director"),
]
