from django.db import migrations

#: Persons with what linkage compares; numbers and the household of today come as they are kept. In
#: the order of `people.doubles.Row`.
RECORDS = """
create function people_records(persons uuid[])
returns table (
    person uuid, area_path text, area_id uuid, first_name varchar, last_name varchar,
    father_name varchar, sex varchar, birth_date date, birth_precision varchar, mobile bytea,
    mobile_blind bytea, household uuid, postal_code varchar, kinds varchar[], sealed bytea[]
)
language plpgsql stable as $$
begin
    return query
    select p.id, p.area_path::text, p.area_id, p.first_name, p.last_name, p.father_name, p.sex,
           p.birth_date, p.birth_precision, p.mobile, p.mobile_blind, h.id, h.postal_code,
           n.kinds, n.sealed
    from unnest(persons) as met(id)
    join people_person p on p.id = met.id
    left join lateral (
        select h.id, h.postal_code from people_membership m
        join people_household h on h.id = m.household_id
        where m.person_id = p.id and m.valid @> current_date and upper_inf(m.recorded) limit 1
    ) h on true
    left join lateral (
        select array_agg(i.kind) as kinds, array_agg(i.sealed) as sealed
        from people_identifier i
        where i.person_id = p.id and i.replaced_at is null and i.grade <> 'pseudo'
    ) n on true;
end
$$
"""

#: Who shares one of these hashes, of merged records the survivor. A function keeps its plan for the
#: session, whatever the number of hashes: planning took longer than reading. Materialised, so that
#: the limit does not lure the planner into reading the whole table.
ALIKE = """
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
    dependencies = [("people", "0004_links")]

    operations = [
        migrations.RunSQL(RECORDS, "drop function people_records(uuid[])"),
        migrations.RunSQL(ALIKE, "drop function people_alike(bigint[], integer)"),
    ]
