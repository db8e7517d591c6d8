"""What tags say of a person on a day, for a decision about one disease; see `policy.facts`.

A person may hold many tags: a decision says which disease it is about (`about["disease"]`), and
only that disease's tag counts. Asked about none, nobody has a tag.
"""

FACTS = ("disease", "tag_from", "tag_until")

#: The tag that holds on the day, else the one that started last.
SQL = """
select k.person_id, replace(lower(t.disease_id), '-', '_') as disease,
       t.starts as tag_from, t.ends as tag_until
from picked k
join lateral (
  select t.disease_id, t.starts, t.ends
  from disease_tag t
  where t.disease_id = k.about ->> 'disease'
    and t.person_id in (
      select k.person_id
      union all
      select g.person_id from people_merge g
      where g.survivor_id = k.person_id and g.undone_at is null
    )
  order by (t.starts <= k.day and (t.ends is null or t.ends > k.day)) desc, t.starts desc
  limit 1
) t on true
"""
