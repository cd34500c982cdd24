"""The current text: members/sql/functions.sql."""

from django.db import migrations

SQL = """
-- Whether somebody counts as a member of a union. Never null, so that NOT works.
CREATE OR REPLACE FUNCTION members_is_member(is_member boolean, left_at timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(is_member, false) AND left_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
