"""Fewer statements where a row came of a patient who stands in the funnel already."""

from django.db import migrations

QUICK = """
create or replace function funnel_counted() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        if exists (select from gone) then
            insert into funnel_change (unit, state, province, month, number, amount)
            select unit, state, province, funnel_month(since), -sum(n), -sum(rial)
            from (
                select unit, state, province, since, count(*) as n, sum(amount) as rial
                from gone group by 1, 2, 3, 4
            ) by_day group by 1, 2, 3, 4;
        end if;
    end if;
    if tg_op <> 'DELETE' then
        if exists (select from came) then
            insert into funnel_change (unit, state, province, month, number, amount)
            select unit, state, province, funnel_month(since), sum(n), sum(rial)
            from (
                select unit, state, province, since, count(*) as n, sum(amount) as rial
                from came group by 1, 2, 3, 4
            ) by_day group by 1, 2, 3, 4;
        end if;
    end if;
    return null;
end $$;
create or replace function funnel_placed(source text, ids uuid[]) returns void
language plpgsql as $$
declare
    units text[] := case source when 'request' then array['request', 'approval']
        else array[source] end;
    rows funnel_row[];
    persons funnel_row[];
    files uuid[];
begin
    if cardinality(ids) = 0 then return; end if;
    rows := array(select r from funnel_rows(source, ids) r);
    files := array(
        select file_id from unnest(rows)
        union
        select p.file_id from unnest(ids) i
        join funnel_position p on p.object_id = i and p.unit = any(units)
        order by file_id);
    perform funnel_write(rows);
    if cardinality(rows) < cardinality(ids) then
        delete from funnel_position p using unnest(ids) i
        where p.object_id = i and p.unit = any(units) and not exists (
            select 1 from unnest(rows) r where r.object_id = p.object_id and r.unit = p.unit);
    end if;
    if exists (
        select from unnest(files) i where not exists (
            select from funnel_position p where p.unit = 'person' and p.object_id = i)
    ) then
        with came as (
            insert into funnel_position (unit, object_id, file_id, disease, state, since, amount,
                area_id, area_path, province)
            select r.* from funnel_persons(files) r order by r.object_id
            on conflict do nothing returning object_id
        )
        select array(select i from unnest(files) i except select object_id from came) into files;
        if cardinality(files) = 0 then return; end if;
    end if;
    -- Who moves another thing of the same patient at this moment waits here, and then sees ours.
    perform 1 from unnest(files) i
    join funnel_position p on p.unit = 'person' and p.object_id = i
    order by p.object_id for update of p;
    persons := array(select r from funnel_persons(files) r);
    perform funnel_write(persons);
    if cardinality(persons) < cardinality(files) then
        delete from funnel_position p using unnest(files) i
        where p.unit = 'person' and p.object_id = i and not exists (
            select 1 from unnest(persons) r where r.object_id = p.object_id);
    end if;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("funnel", "0005_by_disease")]
    operations = [migrations.RunSQL(QUICK, migrations.RunSQL.noop)]
