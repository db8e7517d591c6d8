"""The first page, and the style page that shows every component."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from pooshesh.web.registry import Actor, holds_work, home_for
from pooshesh.web.style import SAMPLE_ROWS, StyleTable, style_context


def home(request: HttpRequest) -> HttpResponse:
    """Where a person lands: what waits for them, what goes on, what is wrong."""
    user = cast(Actor, request.user)
    context = {"holds_work": holds_work(user), "parts": home_for(user)}
    return render(request, "web/home.html", context)


def style(request: HttpRequest) -> HttpResponseBase:
    """Every component once, on made-up data."""
    if "job" in request.GET:
        return render(request, "web/job.html", style_context())
    return StyleTable(request, SAMPLE_ROWS).respond("web/styleguide.html", style_context())
