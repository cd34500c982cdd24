"""Versions that people agreed to before there were points go on without any."""

from django.db import migrations

SQL = """
UPDATE signups_rules
SET late_points = 0, last_minute_points = 0, no_show_points = 0, block_points = 0;
"""


class Migration(migrations.Migration):
    dependencies = [("signups", "0010_points_block")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
