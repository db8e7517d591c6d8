-- by: nation
select 'neighbourhoods' as measure, a.id as area_id, coalesce(w.code, '') as sponsor,
  count(*) as value
from places_area a left join insight_sponsors(%(last)s) w on w.area_id = a.id
where a.kind = 'neighbourhood' and a.valid @> %(last)s
group by 2, 3
-- late
select count(*) from places_areasetmember m
where m.kind = 'sponsor' and lower(m.recorded) > %(asked)s and upper_inf(m.recorded)
  and m.valid @> %(last)s
-- rows: places.read
select 'neighbourhoods' as measure, a.code as id, 'places:area' as page, a.id as area_id,
  lower(a.valid) as day, 1::bigint as value, coalesce(w.code, '') as sponsor
from places_area a left join insight_sponsors(%(last)s) w on w.area_id = a.id
where a.kind = 'neighbourhood' and a.valid @> %(last)s
