"""What coverage knows of a person on a day, as `policy.facts` asks for it."""

FACTS = ("other_insurer_code", "other_insurer_principal")
ABSENT = {"other_insurer_principal": False}

#: Head and spouse of a household may be principals; an insurer no rule names is “other”.
SQL = """
select distinct on (k.person_id) k.person_id,
       case when c.insurer_id in ('sso', 'armed_forces') then c.insurer_id else 'other' end
         as other_insurer_code,
       k.relation in ('head', 'spouse') as other_insurer_principal
from picked k
join coverage_spell c
  on c.person_id = k.person_id and c.valid @> k.day and upper_inf(c.recorded)
join coverage_insurer i on i.code = c.insurer_id and not i.ours
order by k.person_id, c.insurer_id
"""
