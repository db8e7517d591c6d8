-- by: nation
-- Applications by the day they came, and those tagged by the day of the tag.
with rows as (
  select 'applications' as measure, a.file_id, a.area_id, a.disease_id, 1::bigint as value
  from fund_application a where a.received_at >= %(start)s and a.received_at < %(end)s
  union all
  select v.measure, a.file_id, a.area_id, a.disease_id, v.value
  from fund_applicationstep t
  join fund_application a on a.id = t.application_id and a.state = 'tagged'
  cross join lateral (values ('tagged_applications', 1::bigint), ('tagging_days',
    greatest(0, insight_day(t.at) - insight_day(a.received_at))::bigint)) v (measure, value)
  where t.target = 'tagged' and t.at >= %(start)s and t.at < %(end)s
)
select r.measure, r.area_id, r.disease_id as disease, x.sex, x.age, x.nationality,
  r.value
from rows r
join fund_patientfile f on f.id = r.file_id
join insight_about(%(last)s) x on x.person_id = f.person_id
-- rows: fund.read
select 'applications' as measure, a.id::text as id, 'fund:application' as page, a.area_id,
  insight_day(a.received_at) as day, 1::bigint as value, a.disease_id as disease
from fund_application a where a.received_at >= %(start)s and a.received_at < %(end)s
union all
select v.measure, a.id::text, 'fund:application', a.area_id, insight_day(t.at), v.value,
  a.disease_id
from fund_applicationstep t
join fund_application a on a.id = t.application_id and a.state = 'tagged'
cross join lateral (values ('tagged_applications', 1::bigint), ('tagging_days',
  greatest(0, insight_day(t.at) - insight_day(a.received_at))::bigint)) v (measure, value)
where t.target = 'tagged' and t.at >= %(start)s and t.at < %(end)s
