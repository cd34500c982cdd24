from django.db import migrations


def close(apps, schema_editor):
    """A team that took nobody keeps doing so until its leader opens it."""
    teams = apps.get_model("volunteers", "VolunteerTeam").objects
    teams.filter(is_recruiting=False).update(join_mode="closed")


class Migration(migrations.Migration):
    dependencies = [
        ("volunteers", "0004_joining"),
    ]

    operations = [migrations.RunPython(close, migrations.RunPython.noop)]
