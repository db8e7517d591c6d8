-- by: nation
-- Expense requests by the day they were brought, and by the day of the decision that stands.
with rows as (
  select 'requests_brought' as measure, r.person_id, r.area_id, r.disease_id, 1::bigint as value
  from requests_request r
  where r.kind = 'expense' and r.state <> 'draft' and r.on between %(first)s and %(last)s
  union all
  select v.measure, r.person_id, r.area_id, r.disease_id, v.value
  from requests_request r
  cross join lateral (values ('requests_decided', 1::bigint),
    ('requests_approved', (r.state <> 'rejected')::int::bigint),
    ('asked', r.asked), ('granted', r.payable),
    ('decision_days', greatest(0, insight_day(r.decided_at) - r.on)::bigint)) v (measure, value)
  where r.kind = 'expense' and r.state in ('approved', 'part', 'rejected', 'closed')
    and r.decided_at >= %(start)s and r.decided_at < %(end)s
)
select r.measure, r.area_id, r.disease_id as disease, x.decile, x.sex, x.age, x.nationality,
  r.value
from rows r join insight_about(%(last)s) x on x.person_id = r.person_id
-- late
select count(*) from requests_request r
where r.kind = 'expense' and r.state <> 'draft' and r.made_at > %(asked)s
  and r.on between %(first)s and %(last)s
-- rows: fund.read
select 'requests_brought' as measure, r.id::text as id, 'requests:request' as page, r.area_id,
  r.on as day, 1::bigint as value, r.disease_id as disease
from requests_request r
where r.kind = 'expense' and r.state <> 'draft' and r.on between %(first)s and %(last)s
union all
select v.measure, r.id::text, 'requests:request', r.area_id, insight_day(r.decided_at), v.value,
  r.disease_id
from requests_request r
cross join lateral (values ('requests_decided', 1::bigint),
  ('requests_approved', (r.state <> 'rejected')::int::bigint),
  ('asked', r.asked), ('granted', r.payable),
  ('decision_days', greatest(0, insight_day(r.decided_at) - r.on)::bigint)) v (measure, value)
where r.kind = 'expense' and r.state in ('approved', 'part', 'rejected', 'closed')
  and r.decided_at >= %(start)s and r.decided_at < %(end)s
