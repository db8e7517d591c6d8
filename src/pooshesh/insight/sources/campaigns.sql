-- by: nation
-- Campaigns by the month they ran in, and by the days on which they insured people.
select v.measure, c.area_id, s.code as sponsor, v.value
from programme_campaign c
join programme_campaigncount k on k.campaign_id = c.id
join places_areaset s on s.id = c.sponsor_id
cross join lateral (values ('campaign_residents', k.residents),
  ('campaign_uninsured', k.uninsured)) v (measure, value)
where c.ran_at >= %(start)s and c.ran_at < %(end)s
union all
select v.measure, c.area_id, s.code, v.value
from programme_campaignday d
join programme_campaign c on c.id = d.campaign_id
join places_areaset s on s.id = c.sponsor_id
cross join lateral (values ('campaign_enrolled', d.insured), ('campaign_days', 1))
  v (measure, value)
where d.day between %(first)s and %(last)s and d.insured > 0
-- rows: programme.read
select v.measure, c.id::text as id, 'programme:campaign' as page, c.area_id,
  insight_day(c.ran_at) as day, v.value::bigint as value, s.code as sponsor
from programme_campaign c
join programme_campaigncount k on k.campaign_id = c.id
join places_areaset s on s.id = c.sponsor_id
cross join lateral (values ('campaign_residents', k.residents),
  ('campaign_uninsured', k.uninsured)) v (measure, value)
where c.ran_at >= %(start)s and c.ran_at < %(end)s
union all
select v.measure, c.id::text, 'programme:campaign', c.area_id, d.day, v.value::bigint, s.code
from programme_campaignday d
join programme_campaign c on c.id = d.campaign_id
join places_areaset s on s.id = c.sponsor_id
cross join lateral (values ('campaign_enrolled', d.insured), ('campaign_days', 1))
  v (measure, value)
where d.day between %(first)s and %(last)s and d.insured > 0
