-- by: nation
-- Who has a file at the fund by the end of the month, and who of them has asked for no money.
with rows as (
  select f.person_id, f.area_id, not exists (
    select 1 from requests_request r
    where r.file_id = f.id and r.kind = 'expense' and r.state <> 'draft' and r.on <= %(last)s
  ) as quiet
  from fund_patientfile f where f.opened_at < %(end)s
), counted as (
  select r.area_id, x.decile, x.nationality, count(*) as patients,
    count(*) filter (where r.quiet) as quiet
  from rows r join insight_about(%(last)s) x on x.person_id = r.person_id
  group by 1, 2, 3
)
select v.measure, c.area_id, c.decile, c.nationality, v.value
from counted c
cross join lateral (values ('patients', c.patients), ('patients_no_request', c.quiet))
  v (measure, value)
-- rows: fund.read
select v.measure, f.id::text as id, 'fund:file' as page, f.area_id,
  insight_day(f.opened_at) as day, 1::bigint as value
from fund_patientfile f
cross join lateral (values ('patients'), ('patients_no_request')) v (measure)
where f.opened_at < %(end)s and (v.measure = 'patients' or not exists (
  select 1 from requests_request r
  where r.file_id = f.id and r.kind = 'expense' and r.state <> 'draft' and r.on <= %(last)s))
