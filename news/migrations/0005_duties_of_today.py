"""Whoever wrote or reviewed in every column goes on to: until now a role was for all of
them. From here on staff are given their columns one by one."""

from django.db import migrations

JOBS = {"编辑": "edit", "初审": "first", "复审": "second", "终审": "final"}


def give(apps, schema_editor):
    users = apps.get_model("members", "User").objects
    duty = apps.get_model("news", "ColumnDuty")
    columns = list(
        apps.get_model("news", "Column").objects.values_list("pk", flat=True)
    )
    duty.objects.bulk_create(
        [
            duty(column_id=column, user_id=user, job=job)
            for role, job in JOBS.items()
            for user in users.filter(groups__name=role).values_list("pk", flat=True)
            for column in columns
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("news", "0004_reviews"), ("members", "0005_roster_readings")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
