"""Taking a seat asks for points, an offer stands as long as its rules say. The current
text: signups/sql/functions.sql."""

from django.db import migrations

SQL = """
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
            ARRAY (SELECT p.id FROM signups_seatpool p
                   WHERE p.offering_id = p_offering AND p.taken + p_seats <= p.capacity
                       AND signups_suits(p.kind, p.audience, p.union_code, p.until,
                                         w.is_frontline, w.is_migrant,
                                         (SELECT u.code FROM members_unionorg u
                                          WHERE u.id = w.union_org_id), p_door)
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
"""


class Migration(migrations.Migration):
    dependencies = [("signups", "0009_conduct")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
