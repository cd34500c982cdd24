"""A seat in what was called off no longer counts against the limit of its group."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("signups", "0005_cancelled_reason")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE signups_signup s SET group_id = NULL, group_slot = NULL
            FROM signups_offering o
            WHERE o.id = s.offering_id AND o.withdrawn_at IS NOT NULL
                AND s.status = 'seated' AND s.group_id IS NOT NULL
            """,
            migrations.RunSQL.noop,
        )
    ]
