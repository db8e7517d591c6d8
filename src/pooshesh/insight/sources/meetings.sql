-- by: nation
-- Meetings of the fund's provincial bodies that were held, and the files decided in them.
with held as (
  select s.id, b.area_id, p.of from meetings_session s
  join meetings_body b on b.id = s.body_id
  join requests_practice p on p.body_id = b.id
  where s.state in ('closed', 'signed') and s.starts_at >= %(start)s and s.starts_at < %(end)s
)
select case of when 'committee' then 'meetings' else 'group_meetings' end as measure, area_id,
  count(*) as value
from held group by 1, 2
union all
select 'files_decided', h.area_id, count(distinct d.matter_id)
from held h
join meetings_motion o on o.session_id = h.id
join meetings_decision d on d.motion_id = o.id and d.outcome in ('carried', 'lost')
join meetings_matter m on m.id = d.matter_id and m.kind = 'fund.request'
where h.of = 'committee'
group by 2
-- late
select count(*) from meetings_session s
where s.state in ('closed', 'signed') and s.starts_at >= %(start)s and s.starts_at < %(end)s
  and s.closed_at > %(asked)s
-- rows: meetings.read
select case p.of when 'committee' then 'meetings' else 'group_meetings' end as measure,
  s.id::text as id, 'meetings:session' as page, b.area_id, insight_day(s.starts_at) as day,
  1::bigint as value
from meetings_session s
join meetings_body b on b.id = s.body_id
join requests_practice p on p.body_id = b.id
where s.state in ('closed', 'signed') and s.starts_at >= %(start)s and s.starts_at < %(end)s
union all
select 'files_decided', m.object_id::text, 'requests:request', b.area_id,
  insight_day(s.starts_at), 1::bigint
from meetings_session s
join meetings_body b on b.id = s.body_id
join requests_practice p on p.body_id = b.id and p.of = 'committee'
join meetings_motion o on o.session_id = s.id
join meetings_decision d on d.motion_id = o.id and d.outcome in ('carried', 'lost')
join meetings_matter m on m.id = d.matter_id and m.kind = 'fund.request'
where s.state in ('closed', 'signed') and s.starts_at >= %(start)s and s.starts_at < %(end)s
