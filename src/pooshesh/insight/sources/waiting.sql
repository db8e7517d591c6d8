-- by: nation
-- Expense requests that wait for a decision when the month ends, by their last step until then.
with stood as (
  select distinct on (s.request_id) s.request_id, s.state
  from requests_requeststep s
  join requests_request r on r.id = s.request_id and r.kind = 'expense' and r.on <= %(last)s
    and (r.decided_at is null or r.decided_at >= %(start)s)
  where s.at < %(end)s
  order by s.request_id, s.at desc, s.id desc
)
select v.measure, r.area_id, r.disease_id as disease, count(*) as value
from stood s join requests_request r on r.id = s.request_id
cross join lateral (values ('waiting'), ('waiting_long')) v (measure)
where s.state in ('submitted', 'in_committee', 'deferred')
  and (v.measure = 'waiting' or r.on < %(last)s - 30)
group by 1, 2, 3
-- rows: fund.read
with stood as (
  select distinct on (s.request_id) s.request_id, s.state
  from requests_requeststep s
  join requests_request r on r.id = s.request_id and r.kind = 'expense' and r.on <= %(last)s
    and (r.decided_at is null or r.decided_at >= %(start)s)
  where s.at < %(end)s
  order by s.request_id, s.at desc, s.id desc
)
select v.measure, r.id::text as id, 'requests:request' as page, r.area_id, r.on as day,
  1::bigint as value, r.disease_id as disease
from stood s join requests_request r on r.id = s.request_id
cross join lateral (values ('waiting'), ('waiting_long')) v (measure)
where s.state in ('submitted', 'in_committee', 'deferred')
  and (v.measure = 'waiting' or r.on < %(last)s - 30)
