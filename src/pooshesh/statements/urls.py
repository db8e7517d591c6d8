from django.urls import path

from pooshesh.statements import pages

app_name = "statements"
urlpatterns = [
    path("reconciliation/", pages.reconciliation, name="reconciliation"),
    path("reconciliation/<slug:code>/", pages.row, name="row"),
    path("statements/", pages.statement_list, name="list"),
    path("statements/new/", pages.register, name="register"),
    path("statements/<uuid:statement_id>/", pages.statement, name="statement"),
    path("statements/<uuid:statement_id>/correct/", pages.correct, name="correct"),
    path("statements/<uuid:statement_id>/retract/", pages.retract, name="retract"),
]
