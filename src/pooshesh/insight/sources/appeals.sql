-- by: nation
select v.measure, a.area_id, r.disease_id as disease, count(*) as value
from requests_appeal a join requests_request r on r.id = a.request_id
cross join lateral (values ('appeals_decided'), ('appeals_upheld')) v (measure)
where a.decided_at >= %(start)s and a.decided_at < %(end)s
  and (a.state = 'upheld' or a.state = 'overturned' and v.measure = 'appeals_decided')
group by 1, 2, 3
-- rows: fund.read
select v.measure, r.id::text as id, 'requests:request' as page, a.area_id,
  insight_day(a.decided_at) as day, 1::bigint as value, r.disease_id as disease
from requests_appeal a join requests_request r on r.id = a.request_id
cross join lateral (values ('appeals_decided'), ('appeals_upheld')) v (measure)
where a.decided_at >= %(start)s and a.decided_at < %(end)s
  and (a.state = 'upheld' or a.state = 'overturned' and v.measure = 'appeals_decided')
