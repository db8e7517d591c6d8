"""What programmes know of a person on a day, as `policy.facts` asks for it."""

FACTS = ("programme_resident", "outside_principal")
ABSENT = {"programme_resident": False}

#: That a clerk found somebody to be nobody's dependant stands until the campaign's answer changes.
SQL = """
select k.person_id,
       exists (
         select 1 from programme_programmeplace a
         where a.area_id = k.area_id and a.valid @> k.day
       ) as programme_resident,
       case when exists (
         select 1 from programme_campaignrow r
         where r.person_id = k.person_id and r.not_dependant
       ) then false end as outside_principal
from picked k
"""
