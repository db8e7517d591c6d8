-- by: nation
select 'committed' as measure, a.id as area_id, c.disease, coalesce(x.decile, '') as decile,
  coalesce(x.sex, '') as sex, coalesce(x.age, '') as age,
  coalesce(x.nationality, '') as nationality, sum(c.amount)::bigint as value
from ledger_commitment c
join places_area a on a.path = c.area_path
left join insight_about(%(last)s) x on x.person_id = c.person_id
where c.state = 'committed' and c.at >= %(start)s and c.at < %(end)s
group by 2, 3, 4, 5, 6, 7
-- rows: ledger.read
select 'committed' as measure, c.object_id::text as id,
  case when c.kind = 'fund.request' then 'requests:request' else '' end as page, a.id as area_id,
  insight_day(c.at) as day, c.amount as value, c.disease
from ledger_commitment c join places_area a on a.path = c.area_path
where c.state = 'committed' and c.at >= %(start)s and c.at < %(end)s
