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

-- One row of the history: the columns that changed, as they were and as they are (of a
-- new row the whole row after, of one deleted the whole row before), without those that
-- are not to be kept. Called by the trigger of each tracked table (common/history.py).
CREATE OR REPLACE FUNCTION common_record_change(
    p_table text, p_verb text, p_was jsonb, p_is jsonb, p_but text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_before jsonb := p_was - p_but;
    v_after jsonb := p_is - p_but;
    -- '' once it was set in this session, NULL before
    v_context jsonb := nullif(current_setting('portal.context', true), '')::jsonb;
BEGIN
    IF p_verb = 'UPDATE' THEN
        IF v_before = v_after THEN RETURN; END IF;
        SELECT jsonb_object_agg(key, v_before -> key), jsonb_object_agg(key, value)
        INTO v_before, v_after
        FROM jsonb_each(v_after) WHERE value IS DISTINCT FROM v_before -> key;
    END IF;
    INSERT INTO common_change (of_table, of_id, verb, before, after, by_id, context)
    VALUES (p_table, (coalesce(p_is, p_was) ->> 'id')::bigint, lower(p_verb),
            v_before, v_after, (v_context ->> 'user')::bigint,
            nullif(v_context - 'user', '{}'));
END $$;
