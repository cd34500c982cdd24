"""Seats of voluntary service ask for rest, travel and a day's measure; some are kept for
who knows how it is done. The current text: signups/sql/functions.sql."""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION signups_is_practised(p_worker bigint, p_offering bigint)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    r record;
BEGIN
    SELECT o.kind, coalesce(x.practised_after, 3) AS least INTO r
    FROM signups_offering o LEFT JOIN signups_rules x ON x.id = o.rules_id
    WHERE o.id = p_offering;
    RETURN r.least <= (
        SELECT count(DISTINCT s.id) FROM signups_signup s
        JOIN signups_offering o ON o.id = s.offering_id AND o.kind = r.kind
        JOIN signups_attendance a ON a.signup_id = s.id AND a.state IN ('present', 'late')
        WHERE s.worker_id = p_worker);
END $$;

CREATE OR REPLACE FUNCTION signups_spacing(
    p_offering bigint, p_worker bigint, p_shift interval DEFAULT '0')
RETURNS TABLE (code text, title text, needs integer) LANGUAGE plpgsql STABLE ROWS 2 AS $$
#variable_conflict use_column
DECLARE
    r record;
BEGIN
    SELECT o.kind, x.day_hours::int AS day, x.rest_minutes::int AS rest,
        x.travel_minutes::int AS travel,
        o.starts_at + p_shift AS starts, o.ends_at + p_shift AS ends
    INTO r
    FROM signups_offering o JOIN signups_rules x ON x.id = o.rules_id
    WHERE o.id = p_offering AND o.starts_at IS NOT NULL;
    IF NOT FOUND OR r.day + r.rest + r.travel = 0 THEN RETURN; END IF;
    RETURN QUERY
    WITH mine AS (
        SELECT c.starts_at + p_shift AS s, c.ends_at + p_shift AS e, btrim(c.place) AS place
        FROM signups_occasion c
        WHERE c.offering_id = p_offering AND c.cancelled_at IS NULL
    ), held AS (
        SELECT o.id, o.title, c.starts_at AS s, c.ends_at AS e, btrim(c.place) AS place
        FROM signups_signup g
        JOIN signups_offering o ON o.id = g.offering_id AND o.kind = r.kind
        JOIN signups_occasion c ON c.offering_id = o.id AND c.cancelled_at IS NULL
        WHERE g.worker_id = p_worker AND g.busy IS NOT NULL AND g.offering_id <> p_offering
            AND c.ends_at > r.starts - interval '2 days'
            AND c.starts_at < r.ends + interval '2 days'
    ), gaps AS (
        SELECT h.title, h.place <> m.place AS is_elsewhere,
            CASE WHEN m.s >= h.e THEN m.s - h.e WHEN h.s >= m.e THEN h.s - m.e END AS gap
        FROM mine m CROSS JOIN held h
    ), days AS (
        SELECT d.at, d.at + interval '1 day' AS until
        FROM mine m
        CROSS JOIN LATERAL generate_series(
            date_trunc('day', m.s AT TIME ZONE 'Asia/Shanghai'),
            date_trunc('day', (m.e - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai'),
            interval '1 day') g (local)
        CROSS JOIN LATERAL (SELECT g.local AT TIME ZONE 'Asia/Shanghai' AS at) d
        GROUP BY d.at
    )
    SELECT 'day_full', string_agg(DISTINCT x.title, '、'), r.day
    FROM days d
    JOIN held x ON x.s < d.until AND x.e > d.at
    WHERE r.day > 0 AND r.day * interval '1 hour' < (
        SELECT sum(least(t.e, d.until) - greatest(t.s, d.at))
        FROM (SELECT m.s, m.e FROM mine m UNION ALL SELECT h.s, h.e FROM held h) t
        WHERE t.s < d.until AND t.e > d.at)
    GROUP BY d.at
    UNION ALL
    SELECT DISTINCT 'rest', g.title, r.rest FROM gaps g
    WHERE g.gap < r.rest * interval '1 minute'
    UNION ALL
    SELECT DISTINCT 'travel', g.title, r.travel FROM gaps g
    WHERE g.is_elsewhere AND g.gap < r.travel * interval '1 minute';
END $$;

CREATE OR REPLACE FUNCTION signups_free_from(p_offering bigint, p_worker bigint)
RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    r record;
    v_shift interval;
BEGIN
    SELECT o.starts_at AS starts, x.rest_minutes AS rest, x.travel_minutes AS travel
    INTO r
    FROM signups_offering o JOIN signups_rules x ON x.id = o.rules_id
    WHERE o.id = p_offering;
    FOR v_shift IN
        SELECT DISTINCT c.at - r.starts FROM (
            SELECT upper(b.span) + m.more * interval '1 minute' AS at
            FROM signups_signup s
            CROSS JOIN LATERAL unnest(s.busy) b (span)
            CROSS JOIN LATERAL unnest(ARRAY[0, r.rest, r.travel]) m (more)
            WHERE s.worker_id = p_worker AND s.busy IS NOT NULL
                AND s.offering_id <> p_offering
            UNION ALL
            SELECT (date_trunc('day', r.starts AT TIME ZONE 'Asia/Shanghai')
                    + n * interval '1 day') AT TIME ZONE 'Asia/Shanghai'
            FROM generate_series(1, 14) n) c
        WHERE c.at > r.starts AND c.at < r.starts + interval '15 days'
        ORDER BY 1
    LOOP
        PERFORM FROM signups_spacing(p_offering, p_worker, v_shift);
        CONTINUE WHEN FOUND;
        PERFORM FROM signups_signup s
        JOIN signups_occasion c ON c.offering_id = p_offering AND c.cancelled_at IS NULL
        WHERE s.worker_id = p_worker AND s.offering_id <> p_offering
            AND s.busy && tstzrange(c.starts_at + v_shift, c.ends_at + v_shift);
        IF NOT FOUND THEN RETURN r.starts + v_shift; END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION signups_is_awaited(p_pool bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_offering bigint := (SELECT p.offering_id FROM signups_seatpool p WHERE p.id = p_pool);
BEGIN
    -- nearly always nobody waits: found in the queue's index, without a join
    PERFORM FROM signups_signup q
    WHERE q.offering_id = v_offering AND q.status = 'waiting' LIMIT 1;
    IF NOT FOUND THEN RETURN false; END IF;
    RETURN EXISTS (
        SELECT FROM signups_seatpool p
        JOIN signups_offering o ON o.id = p.offering_id
        JOIN signups_signup q ON q.offering_id = p.offering_id AND q.status = 'waiting'
        LEFT JOIN members_worker w ON w.id = q.worker_id
        JOIN members_unionorg u ON u.id = coalesce(w.union_org_id, q.union_org_id)
        WHERE p.id = p_pool
            AND signups_queue_moves(o.starts_at, o.withdrawn_at)
            AND (q.seats <= p.capacity - p.taken
                 OR q.worker_id IS NOT NULL AND q.seats <= p.capacity
                    AND now() < o.saves_until)
            AND (signups_suits(p.kind, p.audience, p.union_code, p.until,
                               w.is_frontline, w.is_migrant, u.code, false)
                 OR p.kind = 'practised' AND w.id IS NOT NULL
                    AND signups_is_practised(w.id, p.offering_id)));
END $$;

CREATE OR REPLACE FUNCTION signups_take(
    p_offering bigint, p_worker bigint, p_union bigint, p_by bigint,
    p_seats integer DEFAULT 1, p_door boolean DEFAULT false,
    OUT id bigint, OUT status text, OUT refusal text, OUT url_name text,
    OUT url_arg bigint)
RETURNS record LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    a record;
    v_pool bigint;
    v_chosen bigint;
    v_choice integer;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'signups_take looks after it has locked: READ COMMITTED only';
    END IF;
    IF p_worker IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock((7::bigint << 48) + p_worker);
        SELECT o.busy, o.waitlist_limit, o.mode, o.draw_id, o.url_name, o.url_arg,
            signups_queue_moves(o.starts_at, o.withdrawn_at) AS has_queue,
            held.mine, held.my_status,
            coalesce(
                CASE WHEN shut.why = 'closed' AND signups_is_spared(p_worker, o.kind)
                     THEN NULL ELSE shut.why END,
                CASE WHEN o.is_members_only AND NOT members_is_member(w.is_member, w.left_at)
                     THEN CASE WHEN w.left_at IS NULL THEN 'not_member'
                          ELSE 'left_union' END
                WHEN signups_suspended_until(p_worker, o.rules_id) IS NOT NULL
                     THEN 'suspended'
                WHEN p_seats NOT BETWEEN 1 AND o.max_seats THEN 'too_many_seats'
                WHEN held.returns >= 5 THEN 'returned_often'  -- standing.MOST_RETURNS
                WHEN held.clashes THEN 'clash' END) AS refusal,
            EXISTS (SELECT FROM signups_charge c WHERE c.offering_id = p_offering)
                AS is_limited,
            o.kind = 'post' AS is_spaced,  -- enums.SPACED
            ARRAY (SELECT p.id FROM signups_seatpool p
                   WHERE p.offering_id = p_offering AND p.taken + p_seats <= p.capacity
                       AND (signups_suits(p.kind, p.audience, p.union_code, p.until,
                                          w.is_frontline, w.is_migrant,
                                          (SELECT u.code FROM members_unionorg u
                                           WHERE u.id = w.union_org_id), p_door)
                            OR p.kind = 'practised'
                               AND signups_is_practised(p_worker, p_offering))
                   ORDER BY p.position) AS pools
        INTO a
        FROM signups_offering o
        JOIN members_worker w ON w.id = p_worker
        CROSS JOIN LATERAL (
            SELECT signups_why_shut(
                o.opens_at, o.closes_at, o.ends_at, o.is_listed, o.withdrawn_at) AS why
        ) shut
        -- one read of what this person has asked for; never of the whole class, as a
        -- plan made while the table was empty would
        CROSS JOIN LATERAL (
            SELECT max(s.id) FILTER (WHERE s.offering_id = p_offering
                                         AND s.ended_at IS NULL) AS mine,
                max(s.status) FILTER (WHERE s.offering_id = p_offering
                                          AND s.ended_at IS NULL) AS my_status,
                count(*) FILTER (WHERE s.offering_id = p_offering
                                     AND s.status = 'cancelled'
                                     AND s.ended_at > now() - interval '1 day') AS returns,
                bool_or(s.busy && o.busy) AS clashes
            FROM signups_signup s WHERE s.worker_id = p_worker) held
        WHERE o.id = p_offering;
    ELSE
        PERFORM pg_advisory_xact_lock((9::bigint << 48) + p_union);
        SELECT o.busy, o.waitlist_limit, o.mode, o.draw_id, o.url_name, o.url_arg,
            signups_queue_moves(o.starts_at, o.withdrawn_at) AS has_queue,
            mine.id AS mine, mine.status AS my_status,
            coalesce(
                signups_why_shut(
                    o.opens_at, o.closes_at, o.ends_at, o.is_listed, o.withdrawn_at),
                CASE WHEN p_seats NOT BETWEEN 1 AND o.max_block THEN 'too_many_seats'
                END) AS refusal,
            false AS is_limited,
            false AS is_spaced,
            ARRAY (SELECT p.id FROM signups_seatpool p
                   WHERE p.offering_id = p_offering AND p.taken + p_seats <= p.capacity
                       AND signups_suits(p.kind, p.audience, p.union_code, p.until,
                                         false, false, u.code, p_door)
                   ORDER BY p.position) AS pools
        INTO a
        FROM signups_offering o
        JOIN members_unionorg u ON u.id = p_union
        -- "+ 0": found by the union
        LEFT JOIN signups_signup mine ON mine.union_org_id = p_union
            AND mine.ended_at IS NULL AND mine.offering_id + 0 = p_offering
        WHERE o.id = p_offering;
    END IF;
    IF NOT FOUND THEN
        refusal := 'missing';
        RETURN;
    END IF;
    -- who waits in a queue that is over may take what is free, like anybody
    IF a.mine IS NOT NULL AND (a.has_queue OR a.my_status <> 'waiting') THEN
        id := a.mine;
        status := a.my_status;
        RETURN;
    END IF;
    url_name := a.url_name;
    url_arg := a.url_arg;
    refusal := a.refusal;
    -- against a limit is said before a clash
    IF a.is_limited AND coalesce(refusal, 'clash') = 'clash' THEN
        IF signups_over_limit(p_offering, p_worker, p_seats) THEN refusal := 'limit'; END IF;
    END IF;
    IF a.is_spaced AND refusal IS NULL THEN
        refusal := (SELECT n.code FROM signups_spacing(p_offering, p_worker) n LIMIT 1);
    END IF;
    IF refusal IS NOT NULL THEN RETURN; END IF;

    status := 'waiting';
    IF a.mode = 'draw' THEN
        status := 'applied';
        IF a.draw_id IS NOT NULL THEN
            v_choice := signups_next_choice(a.draw_id, p_worker);
            refusal := CASE v_choice WHEN 0 THEN 'closed' WHEN -1 THEN 'choices_full' END;
            IF refusal IS NOT NULL THEN RETURN; END IF;
        END IF;
    ELSE
        FOREACH v_pool IN ARRAY a.pools LOOP
            -- seats that suit somebody in the queue are theirs
            CONTINUE WHEN signups_is_awaited(v_pool);
            UPDATE signups_seatpool p SET taken = p.taken + p_seats
            WHERE p.id = v_pool AND p.taken + p_seats <= p.capacity
            RETURNING p.id INTO v_chosen;
            IF FOUND THEN status := 'seated'; EXIT; END IF;
        END LOOP;
    END IF;
    IF v_chosen IS NULL THEN
        refusal := 'full';
        IF NOT a.has_queue THEN RETURN; END IF;
        -- the queue is full, unless a seat is on its way to it: then one more may join
        IF a.mode <> 'draw' AND a.waitlist_limit IS NOT NULL AND a.pools = '{}' THEN
            IF a.waitlist_limit = 0 THEN RETURN; END IF;
            PERFORM FROM signups_signup q
            WHERE q.offering_id = p_offering AND q.status = 'waiting'
            OFFSET a.waitlist_limit - 1 LIMIT 1;
            IF FOUND THEN RETURN; END IF;
        END IF;
        refusal := NULL;
    END IF;

    IF a.mine IS NOT NULL THEN
        UPDATE signups_signup s
        SET status = 'cancelled', ended_at = now(), changed_at = now(), left_queue_at = now()
        WHERE s.id = a.mine;
    END IF;
    INSERT INTO signups_signup
        (offering_id, worker_id, union_org_id, seats, pool_id, status, busy, choice_rank,
         asked_by_id)
    VALUES (p_offering, p_worker, CASE WHEN p_worker IS NULL THEN p_union END, p_seats,
            v_chosen, signups_take.status,
            CASE WHEN v_chosen IS NOT NULL AND p_worker IS NOT NULL THEN a.busy END,
            v_choice, p_by)
    RETURNING signups_signup.id INTO id;
END $$;

CREATE OR REPLACE FUNCTION signups_next(p_pool bigint)
RETURNS TABLE (id bigint, worker_id bigint, union_org_id bigint, seats smallint, fits boolean)
LANGUAGE plpgsql STABLE ROWS 1
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    p record;
BEGIN
    SELECT x.*, x.owed + x.capacity - x.taken AS room, o.busy AS time, o.is_members_only,
        coalesce(now() < o.saves_until, false) AS is_saving,
        EXISTS (SELECT FROM signups_charge c WHERE c.offering_id = o.id) AS is_limited,
        o.kind = 'post' AS is_spaced
    INTO p
    FROM signups_seatpool x JOIN signups_offering o ON o.id = x.offering_id
    WHERE x.id = p_pool AND signups_queue_moves(o.starts_at, o.withdrawn_at);
    IF NOT FOUND THEN RETURN; END IF;
    -- One table and everything else inside CASE: the queue's index is read in its order
    -- and left at the first who may. As joins the planner would sort the queue first.
    RETURN QUERY
    SELECT s.id, s.worker_id, s.union_org_id, s.seats, s.seats <= p.room
    FROM signups_signup s
    WHERE s.offering_id = p.offering_id AND s.status = 'waiting'
        AND (s.seats <= p.room
             OR s.worker_id IS NOT NULL AND s.seats <= p.capacity AND p.is_saving)
        AND CASE WHEN s.worker_id IS NULL THEN
                (SELECT signups_suits(p.kind, p.audience, p.union_code, p.until,
                                      false, false, u.code, false)
                 FROM members_unionorg u WHERE u.id = s.union_org_id)
            ELSE
                (SELECT (NOT p.is_members_only OR members_is_member(w.is_member, w.left_at))
                    AND (signups_suits(p.kind, p.audience, p.union_code, p.until,
                              w.is_frontline, w.is_migrant, u.code, false)
                         OR p.kind = 'practised'
                            AND signups_is_practised(w.id, p.offering_id))
                 FROM members_worker w JOIN members_unionorg u ON u.id = w.union_org_id
                 WHERE w.id = s.worker_id)
                AND NOT EXISTS (
                    SELECT FROM signups_signup held
                    WHERE held.worker_id = s.worker_id AND held.busy && p.time)
                AND NOT (p.is_limited
                    AND signups_over_limit(p.offering_id, s.worker_id, s.seats))
                AND NOT (p.is_spaced AND EXISTS (
                    SELECT FROM signups_spacing(p.offering_id, s.worker_id)))
            END
    ORDER BY s.queue_no, s.id
    LIMIT 1;
END $$;

CREATE OR REPLACE FUNCTION signups_accept(p_signup bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE h record;
BEGIN
    SELECT worker_id, union_org_id INTO h FROM signups_signup WHERE id = p_signup;
    PERFORM signups_lock_holder(h.worker_id, h.union_org_id);
    UPDATE signups_signup s SET status = 'seated', offer_until = NULL, changed_at = now(),
        busy = CASE WHEN s.worker_id IS NOT NULL THEN o.busy END
    FROM signups_offering o
    WHERE s.id = p_signup AND o.id = s.offering_id AND s.status = 'offered'
        AND (s.offer_until IS NULL OR now() < s.offer_until)
        AND NOT signups_over_limit(o.id, s.worker_id, s.seats)
        AND NOT (o.kind = 'post' AND EXISTS (
            SELECT FROM signups_spacing(o.id, s.worker_id)))
        AND NOT EXISTS (SELECT FROM signups_signup held
            WHERE held.worker_id = s.worker_id AND held.id <> s.id AND held.busy && o.busy);
    RETURN FOUND;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("signups", "0013_rules_of_service")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
