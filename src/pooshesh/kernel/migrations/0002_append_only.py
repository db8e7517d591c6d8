"""The audit trail only grows: the database refuses to change or delete what it holds."""

from django.db import migrations

TABLES = ["kernel_event", "kernel_subject", "kernel_seal", "kernel_sealed"]

FUNCTION = """
create or replace function pooshesh_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
"""


def trigger(table: str) -> str:
    return (
        f"create trigger append_only before update or delete on {table} "
        "for each row execute function pooshesh_append_only();"
    )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "drop function pooshesh_append_only()"),
        *(
            migrations.RunSQL(trigger(table), f"drop trigger append_only on {table}")
            for table in TABLES
        ),
    ]
