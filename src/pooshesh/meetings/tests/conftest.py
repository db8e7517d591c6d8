"""A working group of five organisations with members, and a session that is open."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.conftest import Cast, Country
from pooshesh.meetings import actions, agenda, sitting
from pooshesh.meetings.agenda import Brought
from pooshesh.meetings.models import Body, BodyKind, Choice, Item, Matter, Member, Role, Session
from pooshesh.partners.models import Organisation, OrganisationKind

SINCE = dt.date(2021, 3, 21)
CODES = ("interior", "ihio", "relief", "welfare", "setad")

FOR, AGAINST, ABSTAIN = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN


@dataclass(frozen=True)
class Group:
    """A body, its organisations by code and who sits for each."""

    body: Body
    organisations: dict[str, Organisation]
    members: dict[str, Member]

    @property
    def chair(self) -> Member:
        return self.members["interior"]

    @property
    def welfare(self) -> Member:
        """Signs in as `cast.member`."""
        return self.members["welfare"]


@pytest.fixture
def group(country: Country, cast: Cast) -> Group:
    """Five members, more than half of whom are a quorum; the welfare member has an account."""
    body = actions.found_body(
        code="group", kind=BodyKind.WORKING_GROUP, name_fa="کارگروه آزمایشی",
        name_en="Trial working group", remit_fa="پیگیری", remit_en="Follow-up",
        area=country.nation, capacity=500, actor=None,
    )  # fmt: skip
    actions.set_rule(body, start=SINCE, quorum_percent=50, actor=None)
    organisations = {
        code: Organisation.objects.create(
            code=f"of_{code}", kind=OrganisationKind.SPONSOR, name_fa=f"سازمان {code}"
        )
        for code in CODES
    }
    members = {}
    for code, organisation in organisations.items():
        actions.give_seat(body, organisation, start=SINCE, actor=None)
        members[code] = actions.appoint(
            body, organisation, name=f"نماینده {code}", start=SINCE, actor=None,
            role=Role.CHAIR if code == "interior" else Role.MEMBER,
            user_id=cast.member.pk if code == "welfare" else None,
        )  # fmt: skip
    return Group(body, organisations, members)


Bring = Callable[..., Matter]


@pytest.fixture
def bring(group: Group) -> Bring:
    """`bring("title")` is a topic that waits before the group."""

    def make(title: str, *, urgent: bool = False) -> Matter:
        return agenda.submit(group.body, "topic", [Brought(title, uuid4(), urgent)], actor=None)[0]

    return make


@pytest.fixture
def planned(group: Group, bring: Bring, cast: Cast) -> Session:
    """A session in a week with two topics on its agenda."""
    bring("موضوع یکم")
    bring("موضوع دوم")
    starts_at = timezone.now() + dt.timedelta(days=7)
    return agenda.plan(group.body, starts_at=starts_at, place="سالن", actor=cast.secretary.pk)


@pytest.fixture
def held(group: Group, planned: Session, cast: Cast) -> Session:
    """That session, open, with chair, relief and welfare in the room: just a quorum."""
    agenda.invite(planned, actor=cast.secretary.pk)
    agenda.open_session(planned, actor=cast.secretary.pk)
    for code in ("interior", "relief", "welfare"):
        sitting.come(planned, group.members[code], actor=cast.secretary.pk)
    return planned


@pytest.fixture
def items(held: Session) -> list[Item]:
    """The agenda of the open session."""
    return list(Item.objects.filter(session=held).select_related("matter").order_by("position"))


@pytest.fixture
def secretary(cast: Cast) -> User:
    return cast.secretary
