-- by: nation
-- What somebody took over by a day: action items of meetings, and gaps given to an owner.
with due as (
  select b.area_id, i.state = 'done' and insight_day(i.closed_at) <= i.deadline as kept
  from meetings_actionitem i join meetings_body b on b.id = i.body_id
  where i.deadline between %(first)s and %(last)s and i.state <> 'dropped'
  union all
  select g.area_id, coalesce(g.state = 'closed' and insight_day(g.closed_at) <= g.deadline, false)
  from network_gap g
  where g.deadline between %(first)s and %(last)s and g.state <> 'refused'
)
select v.measure, d.area_id, count(*) as value
from due d cross join lateral (values ('promises_due'), ('promises_kept')) v (measure)
where v.measure = 'promises_due' or d.kept
group by 1, 2
-- rows: meetings.read
select v.measure, d.id, d.page, d.area_id, d.deadline as day, 1::bigint as value
from (
  select i.id::text as id, 'meetings:action' as page, b.area_id, i.deadline,
    i.state = 'done' and insight_day(i.closed_at) <= i.deadline as kept
  from meetings_actionitem i join meetings_body b on b.id = i.body_id
  where i.deadline between %(first)s and %(last)s and i.state <> 'dropped'
  union all
  select g.id::text, 'network:gap', g.area_id, g.deadline,
    coalesce(g.state = 'closed' and insight_day(g.closed_at) <= g.deadline, false)
  from network_gap g
  where g.deadline between %(first)s and %(last)s and g.state <> 'refused'
) d cross join lateral (values ('promises_due'), ('promises_kept')) v (measure)
where v.measure = 'promises_due' or d.kept
