"""What is held is neither ordered nor sent to a bank, whoever writes."""

from django.db import migrations, models

HELD = """
create function ledger_is_held() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from written w join ledger_commitment c on c.id = w.commitment_id
    join before b on b.id = w.id
    where c.held and w.state in ('ordered', 'sent') and w.state <> b.state
  ) then
    raise exception 'ledger_is_held' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger is_held after update on ledger_voucher
referencing old table as before new table as written
for each statement execute function ledger_is_held();
"""
GONE = "drop trigger is_held on ledger_voucher; drop function ledger_is_held();"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_money")]
    operations = [
        migrations.AddField(
            "commitment", "held", models.BooleanField(db_default=False, default=False)
        ),
        migrations.RunSQL(HELD, GONE),
    ]
