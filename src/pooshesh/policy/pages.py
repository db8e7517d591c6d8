"""Pages of rule packs: what they say, whether their cases hold, and a made-up person decided."""

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.policy import trial
from pooshesh.policy.forms import DayForm, DaysForm, PersonForm
from pooshesh.policy.reads import cases_of, reads
from pooshesh.policy.shelf import Shelved, shelf, shelved
from pooshesh.policy.words import RuleWords
from pooshesh.rules import Pack

PackPage = Callable[..., HttpResponse]


def of_pack(page: PackPage) -> PackPage:
    """Give the page the pack named in its address; say what is wrong with one that is broken."""

    @wraps(page)
    def opened(request: SignedIn, name: str, **kwargs: str) -> HttpResponse:
        try:
            found = shelved(name)
        except Invalid as error:
            raise Http404 from error
        if found.pack is None:
            return render(request, "policy/broken.html", {"shelved": found})
        return page(request, found, found.pack, **kwargs)

    return opened


@needs("rules.read")
def packs(request: SignedIn) -> HttpResponse:
    """The packs of rules with their laws, counts and cases."""
    return render(request, "policy/packs.html", {"shelf": shelf()})


@needs("rules.read")
@of_pack
def pack(request: SignedIn, found: Shelved, pack: Pack) -> HttpResponse:
    """The laws, values and rules of a pack, as they stand on a chosen day."""
    day = DayForm({"on": request.GET.get("on") or timezone.localdate()})
    on: dt.date | None = day.cleaned_data["on"] if day.is_valid() else None
    laws = [
        {
            "law": law,
            "parameters": [p for p in pack.parameters.values() if p.law == law.id],
            "rules": [rule for rule in pack.rules.values() if rule.law == law.id],
        }
        for law in found.laws
    ]
    context = {"shelved": found, "pack": pack, "day": day, "on": on, "laws": laws}
    return render(request, "policy/pack.html", context)


@needs("rules.read")
@of_pack
def rule(request: SignedIn, found: Shelved, pack: Pack, rule: str) -> HttpResponse:
    """One rule in plain language, with its law, what it looks at, and its cases."""
    if rule not in pack.rules:
        raise Http404
    shown = pack.rules[rule]
    context = {
        "pack": pack,
        "rule": shown,
        "law": pack.laws[shown.law],
        "lines": RuleWords(pack).lines(shown),
        "reads": reads(pack, shown),
        "results": cases_of(shown, found.results),
        "today": timezone.localdate(),
    }
    return render(request, "policy/rule.html", context)


@needs("rules.read")
@of_pack
def try_person(request: SignedIn, found: Shelved, pack: Pack) -> HttpResponse:
    """Decide a made-up person on one day or two. The address holds everything; nothing is kept."""
    person, days = PersonForm(pack, request.GET), DaysForm(request.GET)
    context: dict[str, object] = {"shelved": found, "pack": pack, "person": person, "days": days}
    if request.GET and person.is_valid() and days.is_valid():
        chosen = {day for day in days.cleaned_data.values() if day}
        trials = [trial.decide(pack, person, day) for day in sorted(chosen)]
        context["trials"] = trials
        traced = [one.traced for one in trials if one.traced]
        if len(traced) == 2:
            context["difference"] = trial.difference(*traced)
    return render(request, "policy/try.html", context)
