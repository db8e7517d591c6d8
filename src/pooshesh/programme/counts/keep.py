"""Writing the kept counts: of a campaign with its results, of a neighbourhood whenever it changed.

A neighbourhood's count looks at each person of it once (10,000 persons: about 0.1 s), never at
anybody else: spells and memberships are met through the persons' own indexes.
"""

import datetime as dt
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.kernel import jobs
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job, JobState
from pooshesh.programme.campaign.figures import Figures, figures
from pooshesh.programme.counts.models import AreaCount, CampaignCount, CampaignDay, StaleCount
from pooshesh.programme.models import Campaign

RECOUNT = "programme.recount"
BATCH = 200  # neighbourhoods

#: Actions that change who lives in a neighbourhood or is covered there. Those of coverage all
#: count, whatever they will be called: a count too many costs little, one too few misleads.
CHANGES = frozenset(
    {"people.register", "people.move", "people.merge", "people.unmerge", "people.record_death"}
)

# Just after a run the statistics know nothing of its rows: without the fence each home would be
# met with every spell of the campaign.
_HOUSEHOLDS = """
with homes as (
  select case when household = '' then 'row ' || census_row else 'no. ' || household end as home,
         person_id
  from programme_campaignrow
  where campaign_id = %(campaign)s and match <> 'duplicate'
), covered as (
  select h.home, min(lower(s.recorded)) as at
  from homes h
  cross join lateral (
    select s.campaign_id, s.source, s.recorded from coverage_spell s
    where s.person_id = h.person_id
    offset 0
  ) s
  where s.campaign_id = %(campaign)s and s.source = 'enrolment' and upper_inf(s.recorded)
  group by h.home
)
select (select count(distinct home) from homes),
       count(*),
       coalesce(sum(greatest(0, (at at time zone %(zone)s)::date - %(opened)s)), 0)
from covered
"""

_AREA = """
with here as materialized (
  select p.id from people_person p
  where p.area_id = %(area)s
    and not exists (select 1 from people_merge m where m.person_id = p.id and m.undone_at is null)
    and not exists (select 1 from people_death d where d.person_id = p.id)
), records as materialized (
  select id as human, id as record from here
  union all
  select m.survivor_id, m.person_id from people_merge m
  join here on here.id = m.survivor_id where m.undone_at is null
), covered as (
  select r.human, bool_or(i.ours) as ours
  from records r
  cross join lateral (
    select s.insurer_id from coverage_spell s
    where s.person_id = r.record and upper_inf(s.recorded) and s.valid @> %(day)s::date
    offset 0
  ) s
  join coverage_insurer i on i.code = s.insurer_id
  group by r.human
), homes as (
  select count(distinct m.household_id) as homes
  from here
  cross join lateral (
    select m.household_id from people_membership m
    where m.person_id = here.id and upper_inf(m.recorded) and m.valid @> %(day)s::date
    offset 0
  ) m
)
insert into programme_areacount
  (area_id, area_path, province, persons, households, ours, elsewhere, day, counted_at)
select a.id, a.path, a.province,
       (select count(*) from here), (select homes from homes),
       (select count(*) from covered where ours), (select count(*) from covered where not ours),
       %(day)s, %(now)s
from places_area a where a.id = %(area)s
on conflict (area_id) do update set
  area_path = excluded.area_path, province = excluded.province, persons = excluded.persons,
  households = excluded.households, ours = excluded.ours, elsewhere = excluded.elsewhere,
  day = excluded.day, counted_at = excluded.counted_at
"""


@transaction.atomic
def keep_campaign(campaign: Campaign) -> Figures:
    """Write the counts of a campaign as its rows are now; its figures. Twelve statements."""
    found = figures(campaign)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _HOUSEHOLDS,
            {
                "campaign": campaign.id, "opened": timezone.localdate(campaign.created_at),
                "zone": timezone.get_current_timezone_name(),
            },
        )  # fmt: skip
        households, enrolled, days = cursor.fetchone()
    CampaignCount.objects.update_or_create(
        campaign=campaign,
        defaults={
            "area_path": campaign.area_path,
            "province": campaign.province,
            "rows": found.rows,
            "residents": found.residents,
            "households": households,
            "insured": found.insured,
            "uninsured": found.uninsured,
            "review": found.review,
            "covered_before": found.covered_before,
            "covered_after": found.covered_after,
            "enrolled": found.enrolled_total,
            "households_enrolled": enrolled,
            "household_days": days,
            "work_open": found.open_total,
            "work_done": sum(found.work_done.values()),
            "stepped_at": now,
        },
    )
    _keep_days(campaign, found, timezone.localdate(campaign.ran_at or now))
    return found


def _keep_days(campaign: Campaign, found: Figures, ran_on: dt.date) -> None:
    insured = {dt.date.fromisoformat(day): n for day, n in found.enrolled_by_day.items()}
    CampaignDay.objects.filter(campaign=campaign).delete()
    CampaignDay.objects.bulk_create(
        CampaignDay(
            campaign=campaign, day=day, found=found.residents if day == ran_on else 0,
            insured=insured.get(day, 0),
        )
        for day in sorted({ran_on, *insured})
    )  # fmt: skip


@transaction.atomic
def keep_area(area: UUID, day: dt.date | None = None) -> None:
    """Count a neighbourhood anew as it is in this transaction, and forget that it was stale."""
    StaleCount.objects.filter(area_id=area).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            _AREA, {"area": area, "day": day or timezone.localdate(), "now": timezone.now()}
        )


def note_change(sender: object, event: UUID, action: str, **_: object) -> None:
    """Of an event that changes who lives or is covered somewhere, mark the neighbourhoods."""
    if action not in CHANGES and not action.startswith("coverage."):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into programme_stalecount (area_id)
               select a.id from kernel_event e
               join places_area a on a.path = nullif(e.area_path, '')::ltree
               where e.id = %(event)s and a.kind = 'neighbourhood'
               union
               select p.area_id from kernel_subject s join people_person p on p.id = s.person_id
               where s.event_id = %(event)s""",
            {"event": event},
        )
        marked = cursor.rowcount
    if marked and not Job.objects.filter(kind=RECOUNT, state=JobState.WAITING).exists():
        jobs.start(RECOUNT, actor=None)


@job(RECOUNT, every=dt.timedelta(hours=1))
def recount(progress: Progress) -> dict[str, int]:
    """Count neighbourhoods anew that changed, or were counted on an earlier day."""
    done = 0
    while found := _changed() or _of_yesterday():
        for area, changed in found.items():
            with transaction.atomic():
                keep_area(area)
                if changed:
                    _keep_campaigns(area)
            done += 1
            progress(_("Counting neighbourhoods"), done, done + len(found))
    return {"neighbourhoods": done}


def _keep_campaigns(area: UUID) -> None:
    """Cover taken back or a merge changes what the campaigns of a neighbourhood have reached."""
    for campaign in Campaign.objects.filter(area_id=area, count__isnull=False):
        keep_campaign(campaign)


def _changed() -> dict[UUID, bool]:
    """Neighbourhoods that changed, those waiting longest first."""
    marked = StaleCount.objects.values("area_id").annotate(last=Max("id")).order_by("last")[:BATCH]
    return {row["area_id"]: True for row in marked}


def _of_yesterday() -> dict[UUID, bool]:
    """Neighbourhoods counted on an earlier day: cover may have begun or ended since."""
    old = AreaCount.objects.filter(day__lt=timezone.localdate()).order_by("area_id")
    return dict.fromkeys(old.values_list("area_id", flat=True)[:BATCH], False)
