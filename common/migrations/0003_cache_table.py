"""The table of Django's database cache."""

from django.db import migrations

SQL = """
CREATE TABLE IF NOT EXISTS common_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX IF NOT EXISTS common_cache_expires ON common_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0002_initial")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
