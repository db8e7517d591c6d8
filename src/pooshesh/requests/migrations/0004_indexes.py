"""Indexes that nothing reads by, or that another covers, are paid for no more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disease", "0002_ending"),
        ("fund", "0002_long_file_numbers"),
        ("people", "0006_alike_by_name"),
        ("places", "0001_initial"),
        ("requests", "0003_replaced_lines"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ceilinguse",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="request",
            name="approval",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="requests.request",
            ),
        ),
        migrations.AlterField(
            model_name="request",
            name="parted_from",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="requests.request",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("approval__isnull", False)),
                fields=["approval"],
                name="request_approval",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("parted_from__isnull", False)),
                fields=["parted_from"],
                name="request_parted",
            ),
        ),
    ]
