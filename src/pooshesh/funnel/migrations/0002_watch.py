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
create function funnel_month(day date) returns date immutable parallel safe language sql as $$
    select months[greatest(width_bucket(day, months), 1)]
    from (values (array[MONTHS]::date[])) v (months)
$$;
create function funnel_counted() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into funnel_change (unit, state, province, month, number, amount)
        select unit, state, province, funnel_month(since),
            -count(*), -sum(amount)
        from gone group by 1, 2, 3, 4;
    end if;
    if tg_op <> 'DELETE' then
        insert into funnel_change (unit, state, province, month, number, amount)
        select unit, state, province, funnel_month(since),
            count(*), sum(amount)
        from came group by 1, 2, 3, 4;
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
        from fund_application a where a.id = any(ids);
    when 'request' then return query
        select case r.kind when 'approval' then 'approval' else 'request' end, r.id, r.file_id,
            r.disease_id::text, r.state::text, r.since::date,
            case when r.state in ('approved', 'part') then r.payable else r.asked end,
            r.area_id, r.area_path, r.province::text
        from requests_request r where r.id = any(ids) and r.state <> 'draft';
    when 'payment' then return query
        select 'payment', v.id, r.file_id, r.disease_id::text, v.state::text,
            coalesce(v.paid_on, v.at::date), v.amount, r.area_id, r.area_path, r.province::text
        from ledger_voucher v
        join ledger_commitment c on c.id = v.commitment_id
        join requests_request r on r.id = c.object_id
        where v.id = any(ids);
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
    from fund_patientfile f
    cross join lateral (
        select max(of.rank) as rank, min(of.since) filter (where of.rank = of.highest) as since,
            coalesce(sum(of.amount) filter (where of.rank = 13), 0)::bigint as paid
        from (
            select funnel_rank(unit, state) as rank, since, amount,
                max(funnel_rank(unit, state)) over () as highest
            from funnel_position where file_id = f.id and unit <> 'person'
        ) of
    ) p
    where f.id = any(files) and p.rank is not null
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
-- Positions of some rows of a source, and of the persons they are of.
create function funnel_place(source text, ids uuid[]) returns void language plpgsql as $$
declare
    rows funnel_row[];
    files uuid[];
begin
    if cardinality(ids) = 0 then return; end if;
    rows := array(select r from funnel_rows(source, ids) r);
    files := array(
        select distinct file_id from (
            select file_id from unnest(rows)
            union all
            select file_id from funnel_position where object_id = any(ids) and unit <> 'person'
        ) both_of order by file_id);
    perform funnel_write(rows);
    delete from funnel_position
    where object_id = any(ids) and unit <> 'person'
        and object_id <> all(array(select object_id from unnest(rows)));
    -- Who moves another thing of the same patient at this moment waits here, and then sees ours.
    insert into funnel_position (unit, object_id, file_id, disease, state, since, amount, area_id,
        area_path, province)
    select 'person', f.id, f.id, '', 'received', current_date, 0, f.area_id, f.area_path, f.province
    from fund_patientfile f where f.id = any(files) order by f.id
    on conflict do nothing;
    perform 1 from funnel_position
    where unit = 'person' and object_id = any(files) order by object_id for update;
    perform funnel_write(array(select r from funnel_persons(files) r));
    delete from funnel_position
    where unit = 'person' and object_id = any(files)
        and object_id <> all(array(select object_id from funnel_persons(files)));
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
