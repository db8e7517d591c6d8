-- by: nation
-- Openings of a person's record, by where the person lives; one event may open several.
select 'reads' as measure, p.area_id, count(*) as value
from kernel_event e
join kernel_subject s on s.event_id = e.id
join people_person p on p.id = s.person_id
where e.at >= %(start)s and e.at < %(end)s
  and e.action in ('people.open', 'people.open_household', 'people.break_glass')
group by 2
-- rows: people.read
-- Each opening leads to the record that was opened; who opened it stands there.
select 'reads' as measure, p.id::text as id, 'people:person' as page, p.area_id,
  insight_day(e.at) as day, 1::bigint as value
from kernel_event e
join kernel_subject s on s.event_id = e.id
join people_person p on p.id = s.person_id
where e.at >= %(start)s and e.at < %(end)s and p.area_path <@ %(path)s::ltree
  and e.action in ('people.open', 'people.open_household', 'people.break_glass')
