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

-- Every piece of one, two and three characters of these texts, in capital letters: what
-- common.finding keeps in an index, so that a word is found wherever it stands.
CREATE OR REPLACE FUNCTION common_pieces(VARIADIC p_texts text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(line.text, start, size)), '{}')
    FROM (SELECT upper(one) AS text FROM unnest(p_texts) AS one) AS line,
         generate_series(1, length(line.text)) AS start,
         generate_series(1, 3) AS size
    WHERE start + size - 1 <= length(line.text)
$$;

-- The longest of those pieces of a word: where all of them are, the word may be.
CREATE OR REPLACE FUNCTION common_pieces_sought(p_word text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(upper(p_word), start, size)), '{}')
    FROM least(3, length(upper(p_word))) AS size,
         generate_series(1, length(upper(p_word)) - size + 1) AS start
$$;
