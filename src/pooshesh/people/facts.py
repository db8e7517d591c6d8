"""What people know of a person on a day, for whoever decides; as `policy.facts` asks for it."""

FACTS = (
    "nationality", "foreign_status", "lawful_from", "lawful_until", "relation", "decile",
    "decile_date",
)  # fmt: skip

#: Who has neither a foreign code nor a legal status is asked about as a citizen.
SQL = """
select k.person_id,
       case when s.status = 'citizen' then 'citizen'
            when s.status is not null or f.person_id is not null then 'foreign'
            else 'citizen' end as nationality,
       case s.status when 'identified' then 'identified' when 'lawful' then 'regularised'
            when 'refugee' then 'refugee' when 'refugee_supported' then 'refugee_supported'
            else 'none' end as foreign_status,
       case when s.status in ('lawful', 'refugee', 'refugee_supported') then lower(s.valid)
            end as lawful_from,
       case when s.status in ('lawful', 'refugee', 'refugee_supported') then upper(s.valid)
            end as lawful_until,
       d.decile, lower(d.valid) as decile_date
from picked k
left join people_standing s
  on s.person_id = k.person_id and s.valid @> k.day and upper_inf(s.recorded)
left join people_decile d
  on d.household_id = k.household_id and d.valid @> k.day and upper_inf(d.recorded)
left join lateral (
  select i.person_id from people_identifier i
  where i.person_id = k.person_id and i.kind = 'foreign_code' and i.replaced_at is null limit 1
) f on true
"""
