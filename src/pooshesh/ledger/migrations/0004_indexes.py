"""Indexes that nothing reads by, or that another covers, are paid for no more; and what postings
must hold to is read at once."""

import django.db.models.deletion
from django.db import migrations, models

POSTED = """
create or replace function ledger_posted() returns trigger language plpgsql as $$
declare
  unbalanced boolean;
  written boolean;
begin
  select bool_or(p.amount <> 0), bool_or(e.xid <> pg_current_xact_id()::text::bigint)
  into unbalanced, written
  from (select entry_id, sum(amount) as amount from posted group by entry_id) p
  left join ledger_entry e on e.id = p.entry_id;
  if unbalanced then
    raise exception 'ledger_entry_balances' using errcode = 'check_violation';
  end if;
  if written then
    raise exception 'ledger_entry_is_written' using errcode = 'restrict_violation';
  end if;
  update ledger_account a set balance = a.balance + d.amount
  from (select account_id, sum(amount) as amount from posted group by account_id) d
  where a.id = d.account_id;
  return null;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_payees_and_limits"),
        ("people", "0006_alike_by_name"),
    ]

    operations = [
        migrations.RunSQL(POSTED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="commitment",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="key",
            field=models.CharField(max_length=90),
        ),
        migrations.AlterField(
            model_name="payment",
            name="file",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="ledger.bankfile",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="payee",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.payeerecord",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="reference",
            field=models.CharField(max_length=25),
        ),
        migrations.AlterField(
            model_name="posting",
            name="commitment",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.commitment",
            ),
        ),
        migrations.AlterField(
            model_name="posting",
            name="voucher",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.voucher",
            ),
        ),
        migrations.AlterField(
            model_name="statementline",
            name="payment",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="ledger.payment",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("commitment__isnull", False)),
                fields=["commitment"],
                name="posting_commitment",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("voucher__isnull", False)),
                fields=["voucher"],
                name="posting_voucher",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("key",), name="entry_once"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("reference",), name="payment_reference"),
        ),
    ]
