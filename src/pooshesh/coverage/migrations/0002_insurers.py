"""The basic insurers of the country; others are added by `coverage.actions.add_insurer`."""

from django.db import migrations

INSURERS = (
    ("ihio", "سازمان بیمه سلامت ایران", "Iran Health Insurance Organization (IHIO)", True),
    ("sso", "سازمان تأمین اجتماعی", "Social Security Organization", False),
    (
        "armed_forces",
        "سازمان بیمه خدمات درمانی نیروهای مسلح",
        "Armed Forces Medical Insurance",
        False,
    ),
)


def add(apps, schema_editor):
    apps.get_model("coverage", "Insurer").objects.bulk_create(
        apps.get_model("coverage", "Insurer")(code=code, name_fa=fa, name_en=en, ours=ours)
        for code, fa, en, ours in INSURERS
    )


class Migration(migrations.Migration):
    dependencies = [("coverage", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
