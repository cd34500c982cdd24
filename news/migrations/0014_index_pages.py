"""Pages that the public reads already are to be found too: they are due, and the next
``tick`` makes their entries."""

from django.db import migrations

_DUE = """
INSERT INTO common_searchdue (kind, key, by_transaction)
SELECT 'pages', id, pg_current_xact_id()::text::bigint
FROM news_standingpage WHERE live IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0008_searching"),
        ("news", "0013_pages_in_search"),
    ]

    operations = [migrations.RunSQL(_DUE, migrations.RunSQL.noop)]
