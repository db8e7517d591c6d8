from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial")]

    operations = [
        migrations.AddField(
            "campaign", "not_resident_then", models.PositiveIntegerField(default=0)
        ),
    ]
