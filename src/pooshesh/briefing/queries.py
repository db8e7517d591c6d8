"""Reads of briefings, within the viewer's area."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from pooshesh.access.models import User
from pooshesh.access.reach import Reach, join
from pooshesh.briefing.models import Briefing, Paper, Template, Version

READ, WRITE, SIGN = "insight.read", "briefing.write", "briefing.sign"


def briefings(viewer: User) -> QuerySet[Briefing]:
    """Briefings of areas whose figures the viewer sees, without the bytes."""
    rows = viewer.counts(READ).limit(Briefing.objects.all())
    return rows.select_related("area", "version__template").order_by("-made_at")


def papers(one: Briefing) -> QuerySet[Paper]:
    """Its papers without their bytes, Persian first."""
    return one.papers.defer("pdf").order_by("-language")


def paper(one: Briefing, language: str) -> Paper | None:
    """One paper, with its bytes."""
    return one.papers.filter(language=language).first()


def maker_reach(viewer: User) -> Reach:
    """Where somebody may make briefings: who writes them, and who signs them."""
    return join([viewer.reach(WRITE), viewer.reach(SIGN)])


def may_sign(viewer: User, one: Briefing) -> bool:
    """Whether the viewer may sign a briefing that nobody signed."""
    reach = viewer.reach(SIGN)
    return one.signed_at is None and reach.covers(str(one.area_path), one.area_id)


def may_change(viewer: User) -> bool:
    """Templates are the nation's: changed by who may write briefings everywhere."""
    return viewer.reach(WRITE).everywhere


def templates() -> QuerySet[Template]:
    """Every template with the number and the moment of its newest version."""
    newest = Version.objects.filter(template=OuterRef("pk")).order_by("-number")
    return Template.objects.annotate(
        number=Subquery(newest.values("number")[:1]),
        changed=Subquery(newest.values("made_at")[:1]),
    ).order_by("code")


def template(code: str) -> Template | None:
    return Template.objects.filter(code=code).first()


def versions(one: Template) -> list[Version]:
    """The texts of a template, the newest first."""
    return list(one.versions.order_by("-number"))


def newest(one: Template) -> Version:
    """The text that holds."""
    return one.versions.order_by("-number")[0]


def names(users: Iterable[UUID | None]) -> dict[UUID, str]:
    """Who they are, by their keys."""
    wanted = {one for one in users if one}
    return {one.pk: str(one) for one in User.objects.filter(pk__in=wanted)}
