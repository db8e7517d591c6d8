"""What a patient sees of their own file, each page through the visit alone."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pooshesh.portal import queries
from pooshesh.portal.door import Visited, visited


@require_safe
@visited
def file(request: Visited) -> HttpResponse:
    """Where the patient's file is, what comes next, what is missing, money, decisions."""
    return render(request, "portal/file.html", {"visit": request.visit, "here": "file"})


@require_safe
@visited
def readers(request: Visited) -> HttpResponse:
    """Who read or changed the patient's record: when, in which role, what for."""
    context = {
        "visit": request.visit, "here": "readers", "looks": queries.looks(request.visit),
        "most": queries.LOOKS_SHOWN,
    }  # fmt: skip
    return render(request, "portal/readers.html", context)


@require_safe
@visited
def messages(request: Visited) -> HttpResponse:
    """Messages that went to the patient's mobile."""
    context = {
        "visit": request.visit, "here": "messages", "sent": queries.messages(request.visit)[:100],
    }  # fmt: skip
    return render(request, "portal/messages.html", context)
