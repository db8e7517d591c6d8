"""Events travel as one JSON text, and are written in one statement with their persons."""

from importlib import import_module

from django.db import migrations

RECORD = """
create function kernel_record(rows json, waits boolean) returns void language plpgsql as $$
begin
    if not waits then
        perform set_config('synchronous_commit', 'off', true);
    end if;
    with told as (
        select * from json_to_recordset(rows) as t(id uuid, at timestamptz, actor uuid,
            action varchar, kind varchar, object_id varchar, fields varchar[], digest varchar,
            purpose varchar, area_path text, persons uuid[])
    ), kept as (
        insert into kernel_event
            (id, at, actor, action, kind, object_id, fields, digest, purpose, area_path)
        select id, at, actor, action, kind, object_id, fields, digest, purpose, area_path from told
    )
    insert into kernel_subject (event_id, person_id) select id, unnest(persons) from told;
end
$$
"""

BEFORE = import_module("pooshesh.kernel.migrations.0005_record").Migration.operations[0]


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_record")]
    operations = [
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        migrations.RunSQL(RECORD, "drop function kernel_record(json, boolean)"),
    ]
