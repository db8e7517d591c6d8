from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_audit_newest_first")]
    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("version", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(max_length=60)),
            ],
        ),
    ]
