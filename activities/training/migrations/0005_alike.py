"""Classes of one kind in one term do for one another (``services.ground.alike``)."""

from django.db import migrations

SQL = """
UPDATE signups_offering o SET alike = 'class:' || c.term_id || ':' || c.kind_id
FROM activities_training_courseclass c WHERE c.offering_id = o.id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("activities_training", "0004_ten_to_open"),
        ("signups", "0011_earlier_rules"),
    ]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
