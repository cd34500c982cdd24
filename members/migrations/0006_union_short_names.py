"""People find their union by what they call their workplace."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_roster_readings"),
    ]

    operations = [
        migrations.AddField(
            model_name="unionorg",
            name="short_names",
            field=models.CharField(
                blank=True,
                help_text="职工平时怎样称呼这家单位，多个之间用顿号或空格分开，如“公交、公交公司”。职工认证身份时按名称、简称查找。",
                max_length=200,
                verbose_name="简称和单位名",
            ),
        ),
        migrations.AddIndex(
            model_name="unionorg",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.F("name"), models.F("short_names"), function="common_pieces"
                ),
                name="members_unionorg_found",
            ),
        ),
    ]
