-- by: nation
-- Neighbourhoods, and whether each level of care lies within its limit as the crow flies.
with here as (
  select a.id, coalesce(w.code, '') as sponsor, a.latitude, a.longitude
  from places_area a left join insight_sponsors(%(last)s) w on w.area_id = a.id
  where a.kind = 'neighbourhood' and a.valid @> %(last)s
    and a.latitude is not null and a.longitude is not null
), care as (
  select level, latitude, longitude from places_facility
  where latitude is not null and longitude is not null
    and (opened_on is null or opened_on <= %(last)s)
    and (closed_on is null or closed_on > %(last)s)
), limits (level, km) as (values (1, 5), (2, 30), (3, 60))
select v.measure, h.id as area_id, h.sponsor, 1::bigint as value
from here h
cross join lateral (values ('located'), ('reached')) v (measure)
where v.measure = 'located' or (select max(level) = 3 from care) and (
  select count(*) = 3 from limits l where exists (
    select 1 from care c
    where c.level >= l.level and abs(c.latitude - h.latitude) <= l.km / 110.0
      and 12742 * asin(sqrt(power(sin(radians(c.latitude - h.latitude) / 2), 2)
        + cos(radians(h.latitude)) * cos(radians(c.latitude))
        * power(sin(radians(c.longitude - h.longitude) / 2), 2))) <= l.km))
-- rows: places.read
with here as (
  select a.id, a.code, lower(a.valid) as day, coalesce(w.code, '') as sponsor, a.latitude,
    a.longitude
  from places_area a left join insight_sponsors(%(last)s) w on w.area_id = a.id
  where a.kind = 'neighbourhood' and a.valid @> %(last)s and a.path <@ %(path)s::ltree
    and a.latitude is not null and a.longitude is not null
), care as (
  select level, latitude, longitude from places_facility
  where latitude is not null and longitude is not null
    and (opened_on is null or opened_on <= %(last)s)
    and (closed_on is null or closed_on > %(last)s)
), limits (level, km) as (values (1, 5), (2, 30), (3, 60))
select v.measure, h.code as id, 'places:area' as page, h.id as area_id, h.day, h.sponsor,
  1::bigint as value
from here h
cross join lateral (values ('located'), ('reached')) v (measure)
where v.measure = 'located' or (select max(level) = 3 from care) and (
  select count(*) = 3 from limits l where exists (
    select 1 from care c
    where c.level >= l.level and abs(c.latitude - h.latitude) <= l.km / 110.0
      and 12742 * asin(sqrt(power(sin(radians(c.latitude - h.latitude) / 2), 2)
        + cos(radians(h.latitude)) * cos(radians(c.latitude))
        * power(sin(radians(c.longitude - h.longitude) / 2), 2))) <= l.km))
