"""Addresses of access."""

from django.urls import path

from pooshesh.access import pages

app_name = "access"
urlpatterns = [
    path("users/", pages.user_list, name="users"),
    path("users/new/", pages.user_new, name="user_new"),
    path("users/<uuid:user_id>/", pages.user, name="user"),
    path("users/<uuid:user_id>/lock/", pages.user_lock, name="user_lock"),
    path("users/<uuid:user_id>/grants/<uuid:grant_id>/end/", pages.grant_end, name="grant_end"),
    path("roles/", pages.roles, name="roles"),
    path("audit/", pages.trail, name="trail"),
    path("audit/verify/", pages.trail_verify, name="trail_verify"),
    path("jobs/", pages.job_list, name="jobs"),
    path("jobs/<uuid:job_id>/", pages.job, name="job"),
    path("jobs/<uuid:job_id>/cancel/", pages.job_cancel, name="job_cancel"),
]
