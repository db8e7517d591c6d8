from django.db import migrations


class Migration(migrations.Migration):
    """New files get numbers that no application ever has; those given out stay."""

    dependencies = [("fund", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "select setval('fund_file_number', 1000000001, false)", migrations.RunSQL.noop
        )
    ]
