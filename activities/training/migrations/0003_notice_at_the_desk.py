"""The desk keeps what a class asks people to agree to; the classes there already had it
in their term only."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("activities_training", "0002_more_motifs"),
        ("signups", "0003_offering_notice"),
    ]

    operations = [
        migrations.RunSQL(
            """
            UPDATE signups_offering o
            SET notice = concat_ws(
                E'\\n',
                nullif(btrim(t.notice), ''),
                CASE WHEN c.min_to_open > 0
                    THEN '报名不足' || c.min_to_open || '人，本班可能停办。' END
            )
            FROM activities_training_courseclass c
            JOIN activities_training_term t ON t.id = c.term_id
            WHERE c.offering_id = o.id
            """,
            migrations.RunSQL.noop,
        )
    ]
