"""What keeps positions and counts: see `funnel.models`.

A trigger of a statement sees all rows it changed at once, so that a sheet of 50,000 applications
or a meeting of 500 decisions costs a handful of statements here.
"""

from typing import Any

from django.db import migrations

from pooshesh.kernel.calendar import from_jalali

MONTHS = ", ".join(
    f"'{from_jalali(year, month, 1)}'" for year in range(1390, 1451) for month in range(1, 13)
)

COUNT = """
create table funnel_monthstart (starts date primary key);
insert into funnel_monthstart select unnest(array[MONTHS]::date[]);
-- The first day of the Jalali month of a day; what is older counts with the first month known.
create function funnel_month(day date) returns date stable parallel safe language sql as $$
    select coalesce(
        (select starts from funnel_monthstart where starts <= day order by starts desc limit 1),
        (select min(starts) from funnel_monthstart))
$$;
create function funnel_counted() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into funnel_change (unit, state, province, month, number, amount)
        select unit, state, province, funnel_month(since), -sum(n), -sum(rial)
        from (
            select unit, state, province, since, count(*) as n, sum(amount) as rial
            from gone group by 1, 2, 3, 4
        ) by_day group by 1, 2, 3, 4;
    end if;
    if tg_op <> 'DELETE' then
        insert into funnel_change (unit, state, province, month, number, amount)
        select unit, state, province, funnel_month(since), sum(n), sum(rial)
        from (
            select unit, state, province, since, count(*) as n, sum(amount) as rial
            from came group by 1, 2, 3, 4
        ) by_day group by 1, 2, 3, 4;
    end if;
    return null;
end $$;
create trigger funnel_counted_in after insert on funnel_position
    referencing new table as came for each statement execute function funnel_counted();
create trigger funnel_counted_on after update on funnel_position
    referencing old table as gone new table as came
    for each statement execute function funnel_counted();
create trigger funnel_counted_out after delete on funnel_position
    referencing old table as gone for each statement execute function funnel_counted();
""".replace("MONTHS", MONTHS)

#: Rows of `funnel_position` as they follow from the tables of other rooms.
ROWS = """
create type funnel_row as (unit text, object_id uuid, file_id uuid, disease text, state text,
    since date, amount bigint, area_id uuid, area_path ltree, province text);
create function funnel_rows(source text, ids uuid[]) returns setof funnel_row stable
language plpgsql as $$
begin
    case source
    when 'application' then return query
        select 'application', a.id, a.file_id, a.disease_id::text,
            case when a.why = 'died' then 'died' else a.state end::text, a.since::date, 0::bigint, a.area_id, a.area_path, a.province::text
        from unnest(ids) i join fund_application a on a.id = i;
    when 'request' then return query
        select case r.kind when 'approval' then 'approval' else 'request' end, r.id, r.file_id,
            r.disease_id::text, r.state::text, r.since::date,
            case when r.state in ('approved', 'part') then r.payable else r.asked end,
            r.area_id, r.area_path, r.province::text
        from unnest(ids) i join requests_request r on r.id = i where r.state <> 'draft';
    when 'payment' then return query
        select 'payment', v.id, r.file_id, r.disease_id::text, v.state::text,
            coalesce(v.paid_on, v.at::date), v.amount, r.area_id, r.area_path, r.province::text
        from unnest(ids) i
        join ledger_voucher v on v.id = i
        join ledger_commitment c on c.id = v.commitment_id
        left join requests_appeal a on a.id = c.object_id  -- what an appeal granted
        join requests_request r on r.id = coalesce(a.request_id, c.object_id);
    end case;
end $$;
create function funnel_rank(unit text, state text) returns int immutable parallel safe
language sql as $$
    select case unit
        when 'payment' then case state when 'paid' then 13 when 'cancelled' then 0 else 12 end
        when 'application' then coalesce(array_position(
            array['closed', 'died', 'withdrawn', 'refused', 'received', 'incomplete', 'verifying',
                  'tagged'], state), 5)
        else case
            when state in ('approved', 'part') then 11
            when state in ('submitted', 'returned', 'in_committee', 'deferred') then 10
            when state = 'rejected' then 9
            else 0 end
        end
$$;
create function funnel_persons(files uuid[]) returns setof funnel_row stable language sql as $$
    select 'person', f.id, f.id, '',
        (array['closed', 'died', 'withdrawn', 'refused', 'received', 'incomplete', 'verifying',
               'tagged', 'rejected', 'asked', 'approved', 'paying', 'paid'])[greatest(p.rank, 1)],
        p.since, p.paid, f.area_id, f.area_path, f.province::text
    from unnest(files) i join fund_patientfile f on f.id = i
    cross join lateral (
        select max(of.rank) as rank, min(of.since) filter (where of.rank = of.highest) as since,
            coalesce(sum(of.amount) filter (where of.rank = 13), 0)::bigint as paid
        from (
            select funnel_rank(unit, state) as rank, since, amount,
                max(funnel_rank(unit, state)) over () as highest
            from funnel_position where file_id = f.id and unit <> 'person'
        ) of
    ) p
    where p.rank is not null
$$;
"""

PLACE = """
create function funnel_write(rows funnel_row[]) returns void language sql as $$
    insert into funnel_position as p (unit, object_id, file_id, disease, state, since, amount,
        area_id, area_path, province)
    select r.* from unnest(rows) r order by r.object_id
    on conflict (unit, object_id) do update set
        file_id = excluded.file_id, disease = excluded.disease, state = excluded.state,
        since = excluded.since, amount = excluded.amount, area_id = excluded.area_id,
        area_path = excluded.area_path, province = excluded.province
    where (p.file_id, p.disease, p.state, p.since, p.amount, p.area_id, p.province)
        is distinct from (excluded.file_id, excluded.disease, excluded.state, excluded.since,
            excluded.amount, excluded.area_id, excluded.province)
$$;
-- Positions of some rows of a source, and of the persons they are of. Arrays are joined, never
-- searched: a sheet brings a hundred thousand ids at once.
create function funnel_place(source text, ids uuid[]) returns void language plpgsql
set plan_cache_mode = force_custom_plan as $$  -- a plan for ten ids is wrong for a hundred thousand
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
        select distinct file_id from (
            select file_id from unnest(rows)
            union all
            select p.file_id from unnest(ids) i
            join funnel_position p on p.object_id = i and p.unit = any(units)
        ) both_of order by file_id);
    perform funnel_write(rows);
    if cardinality(rows) < cardinality(ids) then
        delete from funnel_position p using unnest(ids) i
        where p.object_id = i and p.unit = any(units) and not exists (
            select 1 from unnest(rows) r where r.object_id = p.object_id and r.unit = p.unit);
    end if;
    persons := array(select r from funnel_persons(files) r);
    with came as (
        insert into funnel_position (unit, object_id, file_id, disease, state, since, amount,
            area_id, area_path, province)
        select r.* from unnest(persons) r order by r.object_id
        on conflict do nothing returning object_id
    )
    select array(select i from unnest(files) i except select object_id from came) into files;
    if cardinality(files) = 0 then return; end if;
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
create function funnel_watch() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform funnel_place(tg_argv[0], array(select id from gone));
    else
        perform funnel_place(tg_argv[0], array(select id from came));
    end if;
    return null;
end $$;
"""

SOURCES = {
    "application": "fund_application",
    "request": "requests_request",
    "payment": "ledger_voucher",
}

WATCH = """
create trigger funnel_watch_in after insert on {table} referencing new table as came
    for each statement execute function funnel_watch('{source}');
create trigger funnel_watch_on after update on {table} referencing new table as came
    for each statement execute function funnel_watch('{source}');
create trigger funnel_watch_out after delete on {table} referencing old table as gone
    for each statement execute function funnel_watch('{source}');
"""


ALL = "select funnel_place(%s, array(select id from {table}))"


def place_all(apps: Any, schema_editor: Any) -> None:
    """What stood there before the funnel did."""
    with schema_editor.connection.cursor() as cursor:
        for source, table in SOURCES.items():
            cursor.execute(ALL.format(table=table), [source])


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0001_funnel"),
        ("fund", "0001_initial"),
        ("requests", "0001_initial"),
        ("ledger", "0001_money"),
    ]
    operations = [
        migrations.RunSQL(COUNT + ROWS + PLACE, migrations.RunSQL.noop),
        migrations.RunSQL(
            "".join(WATCH.format(source=source, table=table) for source, table in SOURCES.items()),
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(place_all, migrations.RunPython.noop),
    ]
