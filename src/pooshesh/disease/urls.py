"""Addresses of diseases, packages, diagnoses, tags, the registry and wishes."""

from django.urls import path

from pooshesh.disease import (
    claim_pages,
    package_pages,
    pages,
    public_pages,
    tag_pages,
    worklist_pages,
)

app_name = "disease"
urlpatterns = [
    path("diseases/", pages.diseases, name="diseases"),
    path("diseases/new/", pages.disease_new, name="disease_new"),
    path("diseases/packages/<uuid:package_id>/", package_pages.package, name="package"),
    path(
        "diseases/packages/<uuid:package_id>/<slug:verb>/", package_pages.package_act,
        name="package_act",
    ),
    path("diseases/wishes/", worklist_pages.wish_list, name="wishes"),
    path("diseases/wishes/<uuid:wish_id>/", worklist_pages.wish, name="wish"),
    path("diseases/<slug:code>/", pages.disease, name="disease"),
    path("diseases/<slug:code>/change/", pages.disease_change, name="disease_change"),
    path("diseases/<slug:code>/confirm/", pages.confirm, name="confirm"),
    path("diseases/<slug:code>/evidence/", pages.evidence_new, name="evidence_new"),
    path(
        "diseases/<slug:code>/evidence/<int:evidence>/end/", pages.evidence_end,
        name="evidence_end",
    ),
    path("diseases/<slug:code>/package/", package_pages.package_new, name="package_new"),
    path("diseases/<slug:code>/package/end/", package_pages.package_end, name="package_end"),
    path("diagnoses/", claim_pages.claim_list, name="claims"),
    path("diagnoses/next/", claim_pages.claim_next, name="claim_next"),
    path("diagnoses/<uuid:claim_id>/", claim_pages.claim, name="claim"),
    path("diagnoses/<uuid:claim_id>/<slug:verb>/", claim_pages.claim_act, name="claim_act"),
    path("tags/", tag_pages.tag_list, name="tags"),
    path("tags/<uuid:tag_id>/", tag_pages.tag, name="tag"),
    path("tags/<uuid:tag_id>/certificate/", tag_pages.certificate, name="certificate"),
    path("tags/<uuid:tag_id>/renew/", tag_pages.renew, name="renew"),
    path("tags/<uuid:tag_id>/revoke/", tag_pages.revoke, name="revoke"),
    path("tags/registry/", worklist_pages.import_list, name="imports"),
    path("tags/registry/<uuid:import_id>/", worklist_pages.import_one, name="import"),
    path("tags/registry/rows/", worklist_pages.row_list, name="rows"),
    path("tags/registry/rows/<uuid:row_id>/", worklist_pages.row, name="row"),
    path(
        "tags/registry/rows/<uuid:row_id>/attach/", worklist_pages.row_attach, name="row_attach"
    ),
    path("tags/registry/rows/<uuid:row_id>/aside/", worklist_pages.row_aside, name="row_aside"),
    path("tag/", public_pages.check, name="check"),
    path("tag/<str:code>/", public_pages.check_code, name="check_code"),
    path("wishes/", public_pages.wish, name="public_wishes"),
]  # fmt: skip
