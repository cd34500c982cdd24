from django.db import migrations


class Migration(migrations.Migration):
    """The table behind CACHES["default"], as ``createcachetable`` would make it, so
    that no deployment can forget a second command."""

    dependencies = [("common", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE IF NOT EXISTS common_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX IF NOT EXISTS common_cache_expires ON common_cache (expires);
            """,
            "DROP TABLE IF EXISTS common_cache;",
        )
    ]
