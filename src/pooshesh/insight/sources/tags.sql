-- by: nation
-- Tags by the day they were issued, and those that hold on the last day of the month.
with rows as (
  select 'tags_issued' as measure, t.person_id, t.area_id, t.disease_id
  from disease_tag t where t.issued_at >= %(start)s and t.issued_at < %(end)s
  union all
  select 'tags_active', t.person_id, t.area_id, t.disease_id
  from disease_tagterm d join disease_tag t on t.id = d.tag_id
  where upper_inf(d.recorded) and d.valid @> %(last)s
)
select r.measure, r.area_id, r.disease_id as disease, x.decile, x.sex,
  count(*) as value
from rows r join insight_about(%(last)s) x on x.person_id = r.person_id
group by 1, 2, 3, 4, 5
-- late
select count(*) from disease_tagterm d
where upper_inf(d.recorded) and lower(d.recorded) > %(asked)s and d.valid @> %(last)s
-- rows: disease.read
select 'tags_issued' as measure, t.id::text as id, 'disease:tag' as page, t.area_id,
  insight_day(t.issued_at) as day, 1::bigint as value, t.disease_id as disease
from disease_tag t where t.issued_at >= %(start)s and t.issued_at < %(end)s
union all
select 'tags_active', t.id::text, 'disease:tag', t.area_id, t.starts, 1::bigint, t.disease_id
from disease_tagterm d join disease_tag t on t.id = d.tag_id
where upper_inf(d.recorded) and d.valid @> %(last)s
