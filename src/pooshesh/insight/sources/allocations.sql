-- by: nation
-- Credit belongs to its budget year: what was given before or after the year counts in its first
-- or last month.
select 'allocated' as measure, a.id as area_id, sum(l.amount)::bigint as value
from ledger_allocation l join places_area a on a.path = l.area_path
where l.year = %(year)s and (l.at >= %(start)s or %(number)s = 1)
  and (l.at < %(end)s or %(number)s = 12)
group by 2
-- late
select count(*) from ledger_allocation l
where l.year = %(year)s and %(number)s = 12 and l.at > %(asked)s
-- rows: ledger.read
select 'allocated' as measure, l.id::text as id, '' as page, a.id as area_id,
  insight_day(l.at) as day, l.amount as value
from ledger_allocation l join places_area a on a.path = l.area_path
where l.year <= %(year)s and (l.at >= %(start)s or %(number)s = 1)
  and (l.at < %(end)s or l.year < %(year)s or %(number)s = 12)
