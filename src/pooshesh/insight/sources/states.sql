-- by: nation
-- How long the requests decided in the month stood where, from step to step.
with decided as (
  select r.id, r.area_id, r.disease_id, r.decided_at from requests_request r
  where r.kind = 'expense' and r.state in ('approved', 'part', 'rejected', 'closed')
    and r.decided_at >= %(start)s and r.decided_at < %(end)s
), stood as (
  select d.area_id, d.disease_id, s.state, s.at,
    lead(s.at, 1, d.decided_at) over (partition by d.id order by s.at, s.id) as until
  from decided d join requests_requeststep s on s.request_id = d.id and s.at <= d.decided_at
)
select case state when 'submitted' then 'check_days' when 'returned' then 'return_days'
    else 'committee_days' end as measure,
  area_id, disease_id as disease,
  sum(greatest(0, insight_day(until) - insight_day(at)))::bigint as value
from stood where state in ('submitted', 'returned', 'in_committee', 'deferred')
group by 1, 2, 3
union all
select 'settled', area_id, disease_id, count(*) from decided
where exists (select 1 from requests_requeststep s where s.request_id = decided.id)
group by 2, 3
-- rows: fund.read
with decided as (
  select r.id, r.area_id, r.disease_id, r.decided_at from requests_request r
  where r.kind = 'expense' and r.state in ('approved', 'part', 'rejected', 'closed')
    and r.decided_at >= %(start)s and r.decided_at < %(end)s
), stood as (
  select d.id, d.area_id, d.disease_id, d.decided_at, s.state, s.at,
    lead(s.at, 1, d.decided_at) over (partition by d.id order by s.at, s.id) as until
  from decided d join requests_requeststep s on s.request_id = d.id and s.at <= d.decided_at
)
select case state when 'submitted' then 'check_days' when 'returned' then 'return_days'
    else 'committee_days' end as measure,
  id::text as id, 'requests:request' as page, area_id, insight_day(decided_at) as day,
  sum(greatest(0, insight_day(until) - insight_day(at)))::bigint as value, disease_id as disease
from stood where state in ('submitted', 'returned', 'in_committee', 'deferred')
group by 1, 2, 3, 4, 5, 7
union all
select 'settled', d.id::text, 'requests:request', d.area_id, insight_day(d.decided_at), 1,
  d.disease_id
from decided d
where exists (select 1 from requests_requeststep s where s.request_id = d.id)
