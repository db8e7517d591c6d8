-- by: nation
select 'allocated' as measure, a.id as area_id, sum(l.amount)::bigint as value
from ledger_allocation l join places_area a on a.path = l.area_path
where l.at >= %(start)s and l.at < %(end)s
group by 2
-- rows: ledger.read
select 'allocated' as measure, l.id::text as id, '' as page, a.id as area_id,
  insight_day(l.at) as day, l.amount as value
from ledger_allocation l join places_area a on a.path = l.area_path
where l.at >= %(start)s and l.at < %(end)s
