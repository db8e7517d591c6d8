-- by: province
-- Who is on the register and alive at the end of the month, and by whom covered that day. Counted
-- as the neighbourhood counts of the programme are: a merged record belongs to its survivor.
with here as materialized (
  select p.id, p.area_id, p.sex, insight_age(p.birth_date, %(last)s) as age
  from people_person p
  where (%(province)s = '' or p.province = %(province)s) and p.created_at < %(end)s
    and not exists (select 1 from people_merge m where m.person_id = p.id and m.undone_at is null)
    and not exists (select 1 from people_death d where d.person_id = p.id and d.on <= %(last)s)
), records as materialized (
  select id as human, id as record from here
  union all
  select m.survivor_id, m.person_id from people_merge m
  join here on here.id = m.survivor_id where m.undone_at is null
), cover as (
  select r.human, bool_or(i.ours) as ours, min(s.scheme) filter (where i.ours) as scheme,
    bool_or(i.ours and s.premium_percent = 0) as free
  from records r
  join coverage_spell s on s.person_id = r.record
  join coverage_insurer i on i.code = s.insurer_id
  where upper_inf(s.recorded) and s.valid @> %(last)s
  group by r.human
), known as (
  select distinct person_id from people_identifier
  where grade = 'verified' and recorded_at < %(end)s
    and (replaced_at is null or replaced_at >= %(end)s)
), counted as materialized (
  select h.area_id, coalesce(w.code, '') as sponsor, coalesce(d.decile::text, '') as decile, h.sex,
    h.age,
    case when s.status is null then '' when s.status = 'citizen' then 'iranian'
      else 'foreign' end as nationality,
    case when c.human is null then 'none' when c.ours then coalesce(nullif(c.scheme, ''), 'ours')
      else 'other' end as scheme,
    count(*) as persons, count(*) filter (where c.free) as covered_free, count(k.*) as verified
  from here h
  left join cover c on c.human = h.id
  left join people_standing s
    on s.person_id = h.id and upper_inf(s.recorded) and s.valid @> %(last)s
  left join people_membership m
    on m.person_id = h.id and upper_inf(m.recorded) and m.valid @> %(last)s
  left join people_decile d
    on d.household_id = m.household_id and upper_inf(d.recorded) and d.valid @> %(last)s
  left join known k on k.person_id = h.id
  left join insight_sponsors(%(last)s) w on w.area_id = h.area_id
  group by 1, 2, 3, 4, 5, 6, 7
)
select 'persons' as measure, area_id, sponsor, decile, sex, age, nationality, scheme,
  persons as value
from counted
union all
select 'covered_free', area_id, sponsor, decile, '', '', nationality, '', covered_free from counted
union all
select 'verified', area_id, sponsor, '', '', '', nationality, '', verified from counted
-- late
select count(*) from coverage_spell s
where upper_inf(s.recorded) and lower(s.recorded) > %(asked)s and s.valid @> %(last)s
-- rows: people.read
with here as materialized (
  select p.id, p.area_id, p.sex, p.created_at, insight_age(p.birth_date, %(last)s) as age
  from people_person p
  where p.area_path <@ %(path)s::ltree and p.created_at < %(end)s
    and not exists (select 1 from people_merge m where m.person_id = p.id and m.undone_at is null)
    and not exists (select 1 from people_death d where d.person_id = p.id and d.on <= %(last)s)
), cover as (
  select r.human, bool_or(i.ours) as ours, min(s.scheme) filter (where i.ours) as scheme,
    bool_or(i.ours and s.premium_percent = 0) as free
  from (
    select id as human, id as record from here
    union all
    select m.survivor_id, m.person_id from people_merge m
    join here on here.id = m.survivor_id where m.undone_at is null
  ) r
  join coverage_spell s on s.person_id = r.record
  join coverage_insurer i on i.code = s.insurer_id
  where upper_inf(s.recorded) and s.valid @> %(last)s
  group by r.human
)
select v.measure, h.id::text as id, 'people:person' as page, h.area_id,
  insight_day(h.created_at) as day, 1::bigint as value, coalesce(w.code, '') as sponsor,
  x.decile, h.sex, h.age, x.nationality,
  case when c.human is null then 'none' when c.ours then coalesce(nullif(c.scheme, ''), 'ours')
    else 'other' end as scheme
from here h
join insight_about(%(last)s) x on x.person_id = h.id
left join cover c on c.human = h.id
left join insight_sponsors(%(last)s) w on w.area_id = h.area_id
cross join lateral (values ('persons'), ('covered_free'), ('verified')) v (measure)
where v.measure = 'persons' or v.measure = 'covered_free' and c.free
  or v.measure = 'verified' and exists (
    select 1 from people_identifier k where k.person_id = h.id and k.grade = 'verified'
      and k.recorded_at < %(end)s and (k.replaced_at is null or k.replaced_at >= %(end)s))
