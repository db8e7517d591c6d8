-- by: nation
-- Openings of a person's record, by where the person lives; one event may open several.
select 'reads' as measure, p.area_id, count(*) as value
from kernel_event e
join kernel_subject s on s.event_id = e.id
join people_person p on p.id = s.person_id
where e.at >= %(start)s and e.at < %(end)s
  and e.action in ('people.open', 'people.open_household', 'people.break_glass')
group by 2
