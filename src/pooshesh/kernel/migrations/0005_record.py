"""Writing an event: a function keeps its plan for the session, and planning took longer."""

from django.db import migrations

RECORD = """
create function kernel_record(
    event uuid, happened timestamptz, who uuid, what varchar, of_kind varchar, object varchar,
    named varchar[], content varchar, why varchar, place text, persons uuid[], waits boolean
) returns void language plpgsql as $$
begin
    if not waits then
        perform set_config('synchronous_commit', 'off', true);
    end if;
    insert into kernel_event
        (id, at, actor, action, kind, object_id, fields, digest, purpose, area_path)
    values (event, happened, who, what, of_kind, object, named, content, why, place);
    insert into kernel_subject (event_id, person_id) select event, unnest(persons);
end
$$
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_datakey")]
    operations = [
        migrations.RunSQL(
            RECORD,
            "drop function kernel_record(uuid, timestamptz, uuid, varchar, varchar, varchar,"
            " varchar[], varchar, varchar, text, uuid[], boolean)",
        ),
    ]
