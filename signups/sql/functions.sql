-- The desk's rules and verbs that the database itself decides. This file is the current
-- text; a migration carries each change, and a test compares the two.

-- ---------------------------------------------------------------- rules, once each

-- Why something cannot be asked for now, in one word; null when it can.
CREATE OR REPLACE FUNCTION signups_why_shut(
    opens_at timestamptz, closes_at timestamptz, ends_at timestamptz,
    is_listed boolean, withdrawn_at timestamptz)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN NOT is_listed THEN 'not_listed'
    WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
    WHEN ends_at <= now() THEN 'over'
    WHEN closes_at <= now() THEN 'closed'
    WHEN now() < opens_at THEN 'not_open' END;

-- Whether something can be asked for now.
CREATE OR REPLACE FUNCTION signups_is_open(
    opens_at timestamptz, closes_at timestamptz, ends_at timestamptz,
    is_listed boolean, withdrawn_at timestamptz)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN signups_why_shut(opens_at, closes_at, ends_at, is_listed, withdrawn_at) IS NULL;

-- Whether a queue can still move: nobody is promoted into what has begun or was called
-- off, and then nobody has to wait behind others either.
CREATE OR REPLACE FUNCTION signups_queue_moves(
    starts_at timestamptz, withdrawn_at timestamptz)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN withdrawn_at IS NULL AND (starts_at IS NULL OR now() < starts_at);

-- Whether seats of a pool may go to this person or unit. Never null, so that NOT works.
CREATE OR REPLACE FUNCTION signups_suits(
    kind text, audience text, pool_code text, until timestamptz,
    is_frontline boolean, is_migrant boolean, code text, at_door boolean)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN kind = 'general'
    OR coalesce(now() >= until, false)
    OR kind = 'audience' AND (
        coalesce(is_frontline, false) AND audience <> 'migrant'
        OR coalesce(is_migrant, false) AND audience <> 'frontline')
    OR kind = 'union' AND coalesce(starts_with(code, pool_code), false)
    OR kind = 'door' AND at_door;

-- ---------------------------------------------------------------- locks

-- Nobody signs this worker (or this union's block) up or off until the transaction ends.
CREATE OR REPLACE FUNCTION signups_lock_holder(worker bigint, union_org bigint)
RETURNS void LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock(
    CASE WHEN worker IS NULL THEN (9::bigint << 48) + union_org
         ELSE (7::bigint << 48) + worker END);

-- ---------------------------------------------------------------- limits

-- Whether one more signup of this worker here would break a limit. Exact only under
-- the worker's lock, in a statement that began after it.
CREATE OR REPLACE FUNCTION signups_over_limit(
    p_offering bigint, p_worker bigint, p_seats integer)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN EXISTS (
    SELECT FROM signups_charge mine
    JOIN signups_limit l ON l.id = mine.limit_id
    WHERE mine.offering_id = p_offering
        AND l.most < mine.amount * CASE l.unit WHEN 'seats' THEN p_seats ELSE 1 END + (
            SELECT coalesce(sum(
                theirs.amount * CASE l.unit WHEN 'seats' THEN s.seats ELSE 1 END), 0)
            FROM signups_signup s
            JOIN signups_charge theirs ON theirs.offering_id = s.offering_id
                AND theirs.limit_id = mine.limit_id AND theirs.period = mine.period
            WHERE s.worker_id = p_worker AND s.busy IS NOT NULL));
END $$;

-- The times of offerings, and what a seat of them counts against their limits, out of
-- their occasions.
CREATE OR REPLACE FUNCTION signups_set_times(p_offerings bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE signups_offering o
    SET busy = coalesce(t.busy, '{}'), starts_at = t.starts, ends_at = t.ends
    FROM (
        SELECT x.id, min(c.starts_at) AS starts, max(c.ends_at) AS ends,
               range_agg(tstzrange(c.starts_at, c.ends_at + x.rest_after)) AS busy
        FROM signups_offering x LEFT JOIN signups_occasion c
            ON c.offering_id = x.id AND c.cancelled_at IS NULL
        WHERE x.id = ANY (p_offerings)
        GROUP BY x.id
    ) t
    WHERE o.id = t.id;
    DELETE FROM signups_charge WHERE offering_id = ANY (p_offerings);
    INSERT INTO signups_charge (offering_id, limit_id, period, amount)
    SELECT ol.offering_id, l.id,
        CASE l.per WHEN 'all' THEN date '0001-01-01'
             ELSE date_trunc(l.per, c.starts_at AT TIME ZONE 'Asia/Shanghai')::date
             END AS period,
        CASE l.unit WHEN 'minutes'
             THEN ceil(sum(extract(epoch FROM c.ends_at - c.starts_at)) / 60) ELSE 1 END
    FROM signups_offering_limits ol
    JOIN signups_limit l ON l.id = ol.limit_id
    JOIN signups_occasion c ON c.offering_id = ol.offering_id AND c.cancelled_at IS NULL
    WHERE ol.offering_id = ANY (p_offerings)
    GROUP BY ol.offering_id, l.id, period;
END $$;

-- ---------------------------------------------------------------- fairness

-- Until when a worker may not sign up under these rules, for the points that count; null
-- when they may. It lifts when so many have expired that fewer are left than block.
CREATE OR REPLACE FUNCTION signups_suspended_until(p_worker bigint, p_rules bigint)
RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    r record;
BEGIN
    -- nearly nobody has points: found in the index
    PERFORM FROM signups_conductpoint p
    WHERE p.worker_id = p_worker AND p.lifted_at IS NULL LIMIT 1;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT x.kind, x.block_points INTO r FROM signups_rules x WHERE x.id = p_rules;
    IF NOT FOUND OR r.block_points = 0 THEN RETURN NULL; END IF;
    RETURN (
        SELECT max(c.expires_at) FROM (
            SELECT p.expires_at,
                sum(p.weight) OVER (ORDER BY p.expires_at DESC, p.id) AS total
            FROM signups_conductpoint p
            WHERE p.worker_id = p_worker AND p.kind = r.kind
                AND p.lifted_at IS NULL AND p.expires_at > now()) c
        WHERE c.total >= r.block_points);
END $$;

-- Whether a closed window does not shut this worker out: something of this kind that they
-- held or waited for was not opened within the last week, and they are to find another.
CREATE OR REPLACE FUNCTION signups_is_spared(p_worker bigint, p_kind text)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN EXISTS (
    SELECT FROM signups_signup s JOIN signups_offering o ON o.id = s.offering_id
    WHERE s.worker_id = p_worker AND s.status = 'called_off'
        AND s.ended_at > now() - interval '7 days' AND o.is_unopened AND o.kind = p_kind);
END $$;

-- Whether a worker has come to so many things of this kind as its rules ask of somebody
-- who knows how it is done.
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

-- ---------------------------------------------------------------- rest, travel, a day

-- What this worker holds that stands too close to an offering by its rules, or fills its
-- day: half-open, so that two may touch where no minutes are asked for between them.
-- p_shift: as if the offering were so much later. Exact only under the worker's lock, in a
-- statement that began after it. What overlaps is a clash and none of this.
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

-- From when on something as long at the same place as this offering, and not before it,
-- would suit what this worker holds; null when not within two weeks.
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

-- ---------------------------------------------------------------- taking a seat

-- Whether seats of this pool belong to somebody in the queue.
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

-- The rank of one more choice of this worker in a draw, under their lock; 0 when its list
-- is frozen, -1 when they have as many as they may. FOR SHARE: a freezing under way is
-- waited for and then seen; one that begins waits for us and finds our row.
CREATE OR REPLACE FUNCTION signups_next_choice(p_draw bigint, p_worker bigint)
RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_most integer;
    v_held integer;
BEGIN
    SELECT d.most_choices INTO v_most FROM signups_draw d
    WHERE d.id = p_draw AND d.frozen_at IS NULL FOR SHARE;
    IF NOT FOUND THEN RETURN 0; END IF;
    SELECT count(*) INTO v_held FROM signups_signup s
    JOIN signups_offering o ON o.id = s.offering_id
    WHERE s.worker_id = p_worker AND s.status = 'applied' AND o.draw_id = p_draw;
    RETURN CASE WHEN v_held < v_most THEN v_held + 1 ELSE -1 END;
END $$;

-- Seats, or the next place in the queue (or among those of a draw), for one worker or
-- for a union's block: the row's id and state, of the live row if there is one already.
-- Or, when it may not be, the plain reason in one word (the first of standing.look's) and
-- where the offering's page is, so that a refusal needs no other statement.
-- Lock first: under READ COMMITTED every statement after it sees what was committed
-- before it was given. Two guarded updates in fixed order, never one that picks its pool
-- in a sub-select and may miss a seat in the other. The row takes its id last: order by
-- id is order of arrival.
--
-- The two settings: a plan made while the tables were empty would read them whole in the
-- rush that fills them.
CREATE OR REPLACE FUNCTION signups_take(
    p_offering bigint, p_worker bigint, p_union bigint, p_by bigint,
    p_seats integer DEFAULT 1, p_door boolean DEFAULT false,
    OUT id bigint, OUT status text, OUT refusal text, OUT url_name text,
    OUT url_arg bigint)
RETURNS record LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    v_kind text;
    v_rules bigint;
    v_draw bigint;
    v_busy tstzmultirange;
    v_has_queue boolean;
    v_waitlist integer;  -- its limit
    v_has_room boolean;
    v_mine bigint;
    v_shut text;
    v_not_for_them text;
    v_against text;
    v_asks_more boolean;
    v_pool bigint;
    v_pools bigint[];
    v_chosen bigint;
    v_choice integer;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'signups_take looks after it has locked: READ COMMITTED only';
    END IF;
    IF p_worker IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock((7::bigint << 48) + p_worker);
        SELECT o.url_name, o.url_arg, o.kind, o.rules_id, o.busy,
            CASE WHEN o.mode = 'draw' THEN o.draw_id END,
            signups_queue_moves(o.starts_at, o.withdrawn_at),
            CASE WHEN o.mode <> 'draw' THEN o.waitlist_limit END,
            o.mode <> 'draw' AND EXISTS (
                SELECT FROM signups_seatpool p
                WHERE p.offering_id = p_offering AND p.taken + p_seats <= p.capacity),
            held.mine,
            CASE WHEN held.mine IS NOT NULL THEN held.my_status
                WHEN o.mode = 'draw' THEN 'applied' ELSE 'waiting' END,
            signups_why_shut(
                o.opens_at, o.closes_at, o.ends_at, o.is_listed, o.withdrawn_at),
            CASE WHEN o.is_members_only AND NOT members_is_member(w.is_member, w.left_at)
                THEN CASE WHEN w.left_at IS NULL THEN 'not_member'
                    ELSE 'left_union' END END,
            CASE WHEN p_seats NOT BETWEEN 1 AND o.max_seats THEN 'too_many_seats'
                WHEN held.returns >= 5 THEN 'returned_often'  -- standing.MOST_RETURNS
                WHEN held.clashes THEN 'clash' END,
            o.kind = 'post'  -- enums.SPACED
                OR EXISTS (SELECT FROM signups_charge c WHERE c.offering_id = p_offering)
                OR EXISTS (SELECT FROM signups_conductpoint c
                    WHERE c.worker_id = p_worker AND c.lifted_at IS NULL)
        INTO url_name, url_arg, v_kind, v_rules, v_busy, v_draw, v_has_queue, v_waitlist,
            v_has_room, v_mine, status, v_shut, v_not_for_them, v_against, v_asks_more
        FROM signups_offering o
        JOIN members_worker w ON w.id = p_worker
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
        SELECT o.url_name, o.url_arg, CASE WHEN o.mode = 'draw' THEN o.draw_id END,
            signups_queue_moves(o.starts_at, o.withdrawn_at),
            CASE WHEN o.mode <> 'draw' THEN o.waitlist_limit END,
            o.mode <> 'draw' AND EXISTS (
                SELECT FROM signups_seatpool p
                WHERE p.offering_id = p_offering AND p.taken + p_seats <= p.capacity),
            mine.id,
            CASE WHEN mine.id IS NOT NULL THEN mine.status
                WHEN o.mode = 'draw' THEN 'applied' ELSE 'waiting' END,
            signups_why_shut(
                o.opens_at, o.closes_at, o.ends_at, o.is_listed, o.withdrawn_at),
            CASE WHEN p_seats NOT BETWEEN 1 AND o.max_block THEN 'too_many_seats' END
        INTO url_name, url_arg, v_draw, v_has_queue, v_waitlist, v_has_room, v_mine,
            status, v_shut, v_against
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
    IF v_mine IS NOT NULL AND (v_has_queue OR status <> 'waiting') THEN
        id := v_mine;
        RETURN;
    END IF;
    refusal := coalesce(v_shut, v_not_for_them, v_against);
    -- What few people meet is asked only of them. IF within IF: an expression sets up
    -- every function that it names, called or not.
    IF v_asks_more OR p_worker IS NOT NULL AND v_shut = 'closed' THEN
        IF v_shut = 'closed' THEN
            IF signups_is_spared(p_worker, v_kind) THEN v_shut := NULL; END IF;
        END IF;
        refusal := coalesce(v_shut, v_not_for_them);
        IF refusal IS NULL THEN
            refusal := CASE WHEN signups_suspended_until(p_worker, v_rules) IS NOT NULL
                THEN 'suspended' ELSE v_against END;
        END IF;
        -- against a limit is said before a clash
        IF coalesce(refusal, 'clash') = 'clash' THEN
            IF signups_over_limit(p_offering, p_worker, p_seats) THEN
                refusal := 'limit';
            END IF;
        END IF;
        IF refusal IS NULL AND v_kind = 'post' THEN  -- enums.SPACED
            refusal := (SELECT n.code FROM signups_spacing(p_offering, p_worker) n LIMIT 1);
        END IF;
    END IF;
    IF refusal IS NOT NULL THEN RETURN; END IF;

    IF v_draw IS NOT NULL THEN
        v_choice := signups_next_choice(v_draw, p_worker);
        refusal := CASE v_choice WHEN 0 THEN 'closed' WHEN -1 THEN 'choices_full' END;
        IF refusal IS NOT NULL THEN RETURN; END IF;
    END IF;
    IF v_has_room THEN
        v_pools := ARRAY (
            SELECT p.id FROM signups_seatpool p
            LEFT JOIN members_worker w ON w.id = p_worker
            LEFT JOIN members_unionorg u
                ON u.id = CASE WHEN p_worker IS NULL THEN p_union ELSE w.union_org_id END
            WHERE p.offering_id = p_offering AND p.taken + p_seats <= p.capacity
                AND (signups_suits(p.kind, p.audience, p.union_code, p.until,
                                   w.is_frontline, w.is_migrant, u.code, p_door)
                     OR p.kind = 'practised' AND p_worker IS NOT NULL
                        AND signups_is_practised(p_worker, p_offering))
            ORDER BY p.position);
        FOREACH v_pool IN ARRAY v_pools LOOP
            -- seats that suit somebody in the queue are theirs
            CONTINUE WHEN signups_is_awaited(v_pool);
            UPDATE signups_seatpool p SET taken = p.taken + p_seats
            WHERE p.id = v_pool AND p.taken + p_seats <= p.capacity
            RETURNING p.id INTO v_chosen;
            IF FOUND THEN status := 'seated'; EXIT; END IF;
        END LOOP;
        -- a seat that suits them is on its way to the queue: one more may join
        IF v_pools <> '{}' THEN v_waitlist := NULL; END IF;
    END IF;
    IF v_chosen IS NULL THEN
        IF v_waitlist > 0 THEN
            PERFORM FROM signups_signup q
            WHERE q.offering_id = p_offering AND q.status = 'waiting'
            OFFSET v_waitlist - 1 LIMIT 1;
            IF FOUND THEN v_waitlist := 0; END IF;
        END IF;
        IF NOT v_has_queue OR v_waitlist = 0 THEN
            refusal := 'full';
            RETURN;
        END IF;
    END IF;

    IF v_mine IS NOT NULL THEN
        UPDATE signups_signup s
        SET status = 'cancelled', ended_at = now(), changed_at = now(), left_queue_at = now()
        WHERE s.id = v_mine;
    END IF;
    INSERT INTO signups_signup
        (offering_id, worker_id, union_org_id, seats, pool_id, status, busy, choice_rank,
         asked_by_id)
    VALUES (p_offering, p_worker, CASE WHEN p_worker IS NULL THEN p_union END, p_seats,
            v_chosen, signups_take.status,
            CASE WHEN v_chosen IS NOT NULL AND p_worker IS NOT NULL THEN v_busy END,
            v_choice, p_by)
    RETURNING signups_signup.id INTO id;
END $$;

-- ---------------------------------------------------------------- the queue

-- The first in the queue whom seats of this pool would suit now. While seats are saved
-- (saves_until) the first whom they would suit, whether there are enough or not.
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

-- One step of passing seats on, a transaction of its own: the id of the signup that got
-- seats, 0 when something else was done (call again), null when nothing is to be done.
CREATE OR REPLACE FUNCTION signups_settle_one(p_pool bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    c record;
    again record;
    p record;
    v_lapsed integer;
BEGIN
    PERFORM pg_advisory_xact_lock((8::bigint << 48) + p_pool);
    WITH lapsed AS (
        UPDATE signups_signup
        SET status = 'lapsed', pool_id = NULL, ended_at = now(), changed_at = now()
        WHERE pool_id = p_pool AND status = 'offered' AND offer_until <= now()
        RETURNING seats)
    SELECT sum(seats) INTO v_lapsed FROM lapsed;
    IF v_lapsed > 0 THEN
        UPDATE signups_seatpool SET owed = owed + v_lapsed WHERE id = p_pool;
        RETURN 0;
    END IF;
    -- nothing owed, nothing free: no lock, no write, no flush
    PERFORM FROM signups_seatpool WHERE id = p_pool AND (owed > 0 OR taken < capacity);
    IF NOT FOUND THEN RETURN NULL; END IF;

    SELECT * INTO c FROM signups_next(p_pool);
    IF c.id IS NULL THEN
        PERFORM FROM signups_seatpool WHERE id = p_pool AND owed > 0;
        IF NOT FOUND THEN RETURN NULL; END IF;
    ELSE
        PERFORM signups_lock_holder(c.worker_id, c.union_org_id);
    END IF;
    SELECT * INTO p FROM signups_seatpool WHERE id = p_pool FOR NO KEY UPDATE;
    -- a fresh look, now that nobody can move beneath us
    SELECT * INTO again FROM signups_next(p_pool);
    IF again IS DISTINCT FROM c THEN RETURN 0; END IF;
    IF c.id IS NULL THEN
        IF p.owed = 0 THEN RETURN NULL; END IF;
        UPDATE signups_seatpool SET taken = taken - owed, owed = 0 WHERE id = p_pool;
        RETURN 0;  -- a waiter may have come while we let go
    END IF;
    -- seats are being saved for this party: newcomers are kept out
    IF NOT c.fits THEN RETURN NULL; END IF;
    UPDATE signups_seatpool
    SET owed = owed - least(owed, c.seats), taken = taken + c.seats - least(owed, c.seats)
    WHERE id = p_pool;
    UPDATE signups_signup s
    SET pool_id = p_pool, promoted_at = now(), changed_at = now(),
        status = CASE WHEN x.is_to_accept THEN 'offered' ELSE 'seated' END,
        offer_until = CASE WHEN x.is_to_accept
            THEN least(now() + x.stands, x.starts_at - x.ahead) END,
        busy = CASE WHEN s.worker_id IS NOT NULL AND NOT x.is_to_accept THEN x.busy END
    FROM (
        SELECT o.id, o.busy, o.starts_at, h.stands, h.ahead,
            -- in the last hours nobody is asked any more
            o.is_offered AND (o.starts_at IS NULL OR now() < o.starts_at - h.ahead)
                AS is_to_accept
        FROM signups_offering o
        LEFT JOIN signups_rules r ON r.id = o.rules_id
        CROSS JOIN LATERAL (
            SELECT make_interval(hours => coalesce(r.offer_hours, 24)) AS stands,
                make_interval(hours => coalesce(r.offer_before_hours, 12)) AS ahead
        ) h
    ) x
    WHERE s.id = c.id AND x.id = s.offering_id;
    RETURN c.id;
END $$;

-- Takes the seats that are offered to a signup; false when they are not, or any more, or
-- when its person has come to hold something that stands against it.
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

-- ---------------------------------------------------------------- times that move

-- Computes an offering's time and hands it to those who hold seats. Where it clashes with
-- another seat of theirs, that stretch is left out: they keep both and decide themselves.
CREATE OR REPLACE FUNCTION signups_refresh_times(p_offering bigint) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_workers bigint[];
    v_worker bigint;
BEGIN
    -- no key: a concurrent sign-up needs this row's key and may hold a worker's lock
    PERFORM FROM signups_offering WHERE id = p_offering FOR NO KEY UPDATE;
    v_workers := ARRAY (
        SELECT worker_id FROM signups_signup
        WHERE offering_id = p_offering AND busy IS NOT NULL ORDER BY worker_id);
    FOREACH v_worker IN ARRAY v_workers LOOP
        PERFORM signups_lock_holder(v_worker, NULL);
    END LOOP;
    PERFORM signups_set_times(ARRAY[p_offering]);
    UPDATE signups_signup s
    SET busy = o.busy - coalesce((
            SELECT range_agg(other.busy) FROM signups_signup other
            WHERE other.worker_id = s.worker_id AND other.busy IS NOT NULL
                AND other.id <> s.id AND NOT isempty(other.busy)), '{}'),
        changed_at = now()
    FROM signups_offering o
    WHERE o.id = p_offering AND s.offering_id = o.id AND s.busy IS NOT NULL
        AND s.ended_at IS NULL
        AND s.worker_id = ANY (v_workers)  -- whoever came since: in the second pass
        AND o.withdrawn_at IS NULL AND s.busy IS DISTINCT FROM o.busy;
END $$;

-- Ends every live signup of an offering that was called off: seats and time are free.
CREATE OR REPLACE FUNCTION signups_call_off(p_offering bigint) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_ids bigint[];
    h record;
BEGIN
    v_ids := ARRAY (
        SELECT id FROM signups_signup WHERE offering_id = p_offering AND ended_at IS NULL);
    FOR h IN SELECT worker_id, union_org_id FROM signups_signup WHERE id = ANY (v_ids)
             ORDER BY worker_id NULLS LAST, union_org_id LOOP
        PERFORM signups_lock_holder(h.worker_id, h.union_org_id);
    END LOOP;
    UPDATE signups_signup
    SET status = 'called_off', pool_id = NULL, busy = NULL, offer_until = NULL,
        ended_at = now(), changed_at = now()
    WHERE id = ANY (v_ids) AND ended_at IS NULL;
    UPDATE signups_seatpool p
    SET owed = 0, taken = (
        SELECT coalesce(sum(s.seats), 0) FROM signups_signup s WHERE s.pool_id = p.id)
    WHERE p.offering_id = p_offering;
END $$;

-- ---------------------------------------------------------------- a draw

-- Hands the drawn results of a draw to the signups, all at once. Lock order: holders (the
-- winners, by their ids), then pools. A winner who has come to hold something that stands
-- against it, or is no member any more, is the first in the queue instead; their seat is
-- owed to it. Who left, or whose offering was called off, keeps nothing.
CREATE OR REPLACE FUNCTION signups_release_draw(p_draw bigint, p_other_reason text)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    c record;
    v_seated boolean;
BEGIN
    PERFORM signups_lock_holder(w.worker_id, NULL)
    FROM (SELECT e.worker_id FROM signups_drawentry e
          JOIN signups_drawchoice h ON h.entry_id = e.id
          WHERE e.draw_id = p_draw AND h.outcome = 'won' ORDER BY e.worker_id) w;
    FOR c IN
        SELECT h.signup_id, h.pool_id, h.entry_id, e.worker_id, o.id AS offering_id,
            o.title, o.busy, o.is_members_only, s.seats
        FROM signups_drawchoice h
        JOIN signups_drawentry e ON e.id = h.entry_id
        JOIN signups_signup s ON s.id = h.signup_id
        JOIN signups_offering o ON o.id = s.offering_id
        WHERE e.draw_id = p_draw AND h.outcome = 'won' AND o.withdrawn_at IS NULL
        ORDER BY h.pool_id, e.worker_id
    LOOP
        BEGIN
            UPDATE signups_signup s
            SET status = 'seated', pool_id = c.pool_id, busy = c.busy, changed_at = now()
            FROM members_worker w
            WHERE s.id = c.signup_id AND s.status = 'applied' AND w.id = c.worker_id
                AND (NOT c.is_members_only OR members_is_member(w.is_member, w.left_at))
                AND NOT signups_over_limit(c.offering_id, c.worker_id, c.seats);
            v_seated := FOUND;
        EXCEPTION WHEN exclusion_violation THEN
            v_seated := false;
        END;
        IF NOT v_seated THEN
            UPDATE signups_signup s SET status = 'waiting', queue_no = 0, changed_at = now()
            WHERE s.id = c.signup_id AND s.status = 'applied';
        END IF;
        UPDATE signups_seatpool p
        SET taken = p.taken + c.seats,
            owed = p.owed + CASE WHEN v_seated THEN 0 ELSE c.seats END
        WHERE p.id = c.pool_id;
        UPDATE signups_signup s
        SET status = 'cancelled', ended_at = now(), changed_at = now(),
            cancelled_reason = left(format(p_other_reason, c.title), 200)
        FROM signups_drawchoice h
        WHERE h.entry_id = c.entry_id AND h.outcome = 'other' AND s.id = h.signup_id
            AND s.status = 'applied';
    END LOOP;
    UPDATE signups_signup s
    SET status = CASE WHEN r.has_place THEN 'waiting' ELSE 'not_drawn' END,
        ended_at = CASE WHEN r.has_place THEN NULL ELSE now() END,
        queue_no = r.queue_no, changed_at = now()
    FROM (
        SELECT h.signup_id, h.queue_no,
            coalesce(h.queue_no <= o.waitlist_limit, true) AS has_place
        FROM signups_drawchoice h
        JOIN signups_drawentry e ON e.id = h.entry_id
        JOIN signups_signup x ON x.id = h.signup_id
        JOIN signups_offering o ON o.id = x.offering_id
        WHERE e.draw_id = p_draw AND h.outcome = 'queue'
            AND o.withdrawn_at IS NULL
    ) r
    WHERE s.id = r.signup_id AND s.status = 'applied';
    -- from now on what is free goes to the queue, and then to whoever asks
    UPDATE signups_offering SET mode = 'first' WHERE draw_id = p_draw;
END $$;
