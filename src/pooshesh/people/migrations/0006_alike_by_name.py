from django.db import migrations

#: Who holds one of these numbers, and who else shares one of these hashes, of merged records the
#: survivor. Of the latter also what shows most of them to be somebody else: numbers and household
#: are read only of who is left. As before a function that keeps its plan, materialised so that the
#: limit does not lure the planner into the whole table.
ALIKE = """
drop function people_alike(bigint[], integer);
create function people_alike(hashes bigint[], most integer, blinds bytea[])
returns table (
    person uuid, held boolean, first_name varchar, last_name varchar, father_name varchar,
    mobile_blind bytea
)
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    return query
    with holder as materialized (
        select distinct coalesce(g.survivor_id, i.person_id) as id
        from people_identifier i
        left join people_merge g on g.person_id = i.person_id and g.undone_at is null
        where i.blind = any(blinds) and i.grade in ('verified', 'checksum')
            and i.replaced_at is null
    ),
    met as materialized (
        select m.person_id from people_matchkeys m where m.keys && hashes
    ),
    sharing as (
        select coalesce(g.survivor_id, f.person_id) as id
        from (select met.person_id from met limit most) as f
        left join people_merge g on g.person_id = f.person_id and g.undone_at is null
        except
        select h.id from holder h
    )
    select h.id, true, ''::varchar, ''::varchar, ''::varchar, null::bytea from holder h
    union all
    select p.id, false, p.first_name, p.last_name, p.father_name, p.mobile_blind
    from sharing s join people_person p on p.id = s.id
    order by 1;
end
$$
"""

BEFORE = """
drop function people_alike(bigint[], integer, bytea[]);
create function people_alike(hashes bigint[], most integer)
returns uuid[]
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    return array(
        with met as materialized (
            select m.person_id from people_matchkeys m where m.keys && hashes
        )
        select distinct coalesce(g.survivor_id, f.person_id)
        from (select met.person_id from met limit most) as f
        left join people_merge g on g.person_id = f.person_id and g.undone_at is null
    );
end
$$
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_alike")]

    operations = [migrations.RunSQL(ALIKE, BEFORE)]
