"""Names and member numbers found by their pieces."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_functions"),
        ("common", "0007_pieces"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="worker",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.F("name"),
                    models.F("member_number"),
                    function="common_pieces",
                ),
                name="members_worker_found",
            ),
        ),
    ]
