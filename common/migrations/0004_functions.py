"""The current text: common/sql/functions.sql."""

from django.db import migrations

SQL = """
-- The narrow doors to what is append-only. The application's role may not change the
-- audit, so these work with the rights of their owner (unionportal/database/rights.py).
-- Each does one thing, whoever calls it with whatever.

CREATE OR REPLACE FUNCTION common_forget_names(account bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT set_config('portal.forgetting', 'on', true);
    UPDATE common_auditevent SET by_label = ''
        WHERE by_id = account AND by_label <> '';
    SELECT set_config('portal.forgetting', '', true);
$$;

CREATE OR REPLACE FUNCTION common_forget_addresses() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE blanked bigint;
    BEGIN
        PERFORM set_config('portal.forgetting', 'on', true);
        UPDATE common_auditevent SET address = NULL
            WHERE at < now() - interval '183 days' AND address IS NOT NULL;
        GET DIAGNOSTICS blanked = ROW_COUNT;
        PERFORM set_config('portal.forgetting', '', true);
        RETURN blanked;
    END
$$;

REVOKE ALL ON FUNCTION common_forget_names(bigint), common_forget_addresses() FROM PUBLIC;

-- Who did what stands in the context of a change, which grows within a request and is not
-- rewritten later.
CREATE OR REPLACE FUNCTION common_context_rests() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.created_at < now() - interval '1 hour' THEN
            RAISE EXCEPTION 'the context of a change is not rewritten';
        END IF;
        RETURN NEW;
    END
$$;

CREATE OR REPLACE TRIGGER common_context_rests BEFORE UPDATE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION common_context_rests();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0003_cache_table"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
