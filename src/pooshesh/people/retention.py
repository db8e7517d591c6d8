"""How long what people holds is kept, and what a person is told about it."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.access.models import BrokenGlass
from pooshesh.kernel.retention import DataClass
from pooshesh.people.models import (
    Death,
    Decile,
    Household,
    Identifier,
    Judgement,
    Link,
    MatchKeys,
    Membership,
    Merge,
    Person,
    Standing,
)
from pooshesh.web.registry import Held, HeldPart

LAW = gettext_lazy("Universal health insurance law")
RECORD = gettext_lazy("Duty to answer for decisions")

CLASSES = (
    DataClass(
        "persons", gettext_lazy("Persons, their numbers, households and legal status"),
        gettext_lazy("To insure the person and to know who they are"), LAW,
        event=gettext_lazy("Kept also after a death: cover that was given is answered for"),
        tables=("people.Person", "people.Identifier", "people.Household", "people.Membership",
                "people.Standing", "people.Death", "people.NameWord"),
    ),
    DataClass(
        "deciles", gettext_lazy("Income deciles of households"),
        gettext_lazy("Setting the household's share of the premium"),
        gettext_lazy("Means test of the welfare ministry"), tables=("people.Decile",),
    ),
    DataClass(
        "pairs", gettext_lazy("Possible doubles, what clerks judged, and merges"),
        gettext_lazy("So that one human being has one record"), RECORD,
        tables=("people.Link", "people.Judgement", "people.Merge"),
    ),
    DataClass(
        "match_keys", gettext_lazy("Keyed hashes of names, dates and numbers"),
        gettext_lazy("To find a double when somebody is registered"), LAW,
        event=gettext_lazy("Made anew with each change of the record"),
        tables=("people.MatchKeys",),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    """What people holds about a person, as classes."""
    insured = _("To insure the person and to know who they are")
    one = _("So that one human being has one record")
    homes = Membership.objects.known().filter(person__in=records)
    mobiles = Person.objects.filter(pk__in=records).exclude(mobile=None).count()
    pairs = Link.objects.filter(Q(first__in=records) | Q(second__in=records))
    merges = Merge.objects.filter(
        Q(person__in=records) | Q(into__in=records) | Q(survivor__in=records)
    )
    came = ", ".join(sorted(set(_sources(records))))
    lines = [
        Held(_("Names, birth, sex, place"), len(records), came, insured),
        Held(_("Numbers (national ID, foreign code, passport)"),
             Identifier.objects.filter(person__in=records).count(), came, insured),
        Held(_("Mobile number"), mobiles, came, _("To reach the person")),
        Held(_("Address of the household"),
             Household.objects.filter(pk__in=homes.values("household")).exclude(address="").count(),
             came, _("To reach the person")),
        Held(_("Membership in households"), homes.count(), came,
             _("Cover and means test are of the household")),
        Held(_("Nationality and legal status"),
             Standing.objects.known().filter(person__in=records).count(),
             _("Documents shown, census"), _("It decides by which rules somebody is insured")),
        Held(_("Income decile of the household"),
             Decile.objects.known().filter(household__in=homes.values("household")).count(),
             _("Welfare database"), _("It decides what the household pays")),
        Held(_("Death"), Death.objects.filter(person__in=records).count(), came,
             _("So that cover ends on its day")),
        Held(_("Keyed hashes of names, dates and numbers"),
             MatchKeys.objects.filter(person__in=records).count(), _("This insurer"),
             _("To find a double when somebody is registered")),
        Held(_("Records that may be of the same person"), pairs.count(), _("This insurer"), one),
        Held(_("What clerks judged about such a record"),
             Judgement.objects.filter(link__in=pairs).count(), _("Clerks"), one),
        Held(_("Merges of records"), merges.count(), _("Clerks"), one),
        Held(_("Looks in an emergency"),
             BrokenGlass.objects.filter(person_id__in=records).count(), _("Clerks"),
             _("To answer who read or changed a record, also to the person")),
    ]  # fmt: skip
    return [line for line in lines if line.count]


def _sources(records: Sequence[UUID]) -> list[str]:
    words = {"census": _("Census"), "nationals": _("Municipal census"), "": _("Clerk's form")}
    rows = Person.objects.filter(pk__in=records).values_list("source", flat=True)
    return [words.get(one.partition(":")[0], words["census"]) for one in rows]


HELD = HeldPart(gettext_lazy("Person"), 10, _held)
