-- by: nation
-- Gaps nobody had fixed or refused when the month ended.
select 'gaps' as measure, g.area_id, coalesce(w.code, '') as sponsor, count(*) as value
from network_gap g
left join insight_sponsors(%(last)s) w on w.area_id = g.area_id
where g.found_at < %(end)s and (g.closed_at is null or g.closed_at >= %(end)s)
  and not exists (
    select 1 from network_gapstep s
    where s.gap_id = g.id and s.target = 'refused' and s.at < %(end)s and g.state = 'refused')
group by 2, 3
-- rows: network.read
select 'gaps' as measure, g.id::text as id, 'network:gap' as page, g.area_id,
  insight_day(g.found_at) as day, 1::bigint as value, coalesce(w.code, '') as sponsor
from network_gap g
left join insight_sponsors(%(last)s) w on w.area_id = g.area_id
where g.found_at < %(end)s and (g.closed_at is null or g.closed_at >= %(end)s)
  and not exists (
    select 1 from network_gapstep s
    where s.gap_id = g.id and s.target = 'refused' and s.at < %(end)s and g.state = 'refused')
