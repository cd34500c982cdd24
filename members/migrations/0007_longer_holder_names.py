from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_union_short_names"),
    ]

    operations = [
        migrations.AlterField(
            model_name="certificate",
            name="holder_name",
            field=models.CharField(max_length=60, verbose_name="持有人姓名（当时）"),
        ),
    ]
