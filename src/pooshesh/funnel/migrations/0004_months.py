"""The month of a day by a search in memory, and an index in the order rows are shown in."""

from django.db import migrations, models

from pooshesh.kernel.calendar import from_jalali

DAYS = ",".join(
    str(from_jalali(year, month, 1)) for year in range(1390, 1451) for month in range(1, 13)
)
MONTHS = f"{{{DAYS}}}"
MONTH = f"""
-- The first day of the Jalali month of a day; what is older counts with the first month known.
create or replace function funnel_month(day date) returns date immutable parallel safe language sql
as $$
    select ('{MONTHS}'::date[])[greatest(1, width_bucket(day, '{MONTHS}'::date[]))]
$$;
drop table funnel_monthstart;
"""
BEFORE = f"""
create table funnel_monthstart (starts date primary key);
insert into funnel_monthstart select unnest('{MONTHS}'::date[]);
create or replace function funnel_month(day date) returns date stable parallel safe language sql
as $$
    select coalesce(
        (select starts from funnel_monthstart where starts <= day order by starts desc limit 1),
        (select min(starts) from funnel_monthstart))
$$;
"""  # noqa: S608 - days of the calendar


class Migration(migrations.Migration):
    dependencies = [("funnel", "0003_few")]

    operations = [
        migrations.RunSQL(MONTH, BEFORE),
        migrations.RemoveIndex(model_name="position", name="position_rows"),
        migrations.AddIndex(
            model_name="position",
            index=models.Index(
                fields=["unit", "state", "since", "id"], include=["province"], name="position_rows"
            ),
        ),
    ]
