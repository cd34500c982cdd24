from django.db import migrations


def first_row(apps, schema_editor):
    apps.get_model("common", "PageGeneration").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]

    operations = [migrations.RunPython(first_row, migrations.RunPython.noop)]
