"""Taking a seat says why not, in one word. The current text: signups/sql/functions.sql."""

from django.db import migrations

SQL = """
DROP FUNCTION signups_take(bigint, bigint, bigint, bigint, integer, boolean);

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
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'signups_take looks after it has locked: READ COMMITTED only';
    END IF;
    IF p_worker IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock((7::bigint << 48) + p_worker);
        SELECT o.busy, o.waitlist_limit, o.mode, o.url_name, o.url_arg,
            signups_queue_moves(o.starts_at, o.withdrawn_at) AS has_queue,
            held.mine, held.my_status,
            coalesce(
                signups_why_shut(
                    o.opens_at, o.closes_at, o.ends_at, o.is_listed, o.withdrawn_at),
                CASE WHEN o.is_members_only AND NOT members_is_member(w.is_member, w.left_at)
                     THEN CASE WHEN w.left_at IS NULL THEN 'not_member'
                          ELSE 'left_union' END
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
        SELECT o.busy, o.waitlist_limit, o.mode, o.url_name, o.url_arg,
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
        SET status = 'cancelled', ended_at = now(), changed_at = now() WHERE s.id = a.mine;
    END IF;
    INSERT INTO signups_signup
        (offering_id, worker_id, union_org_id, seats, pool_id, status, busy, asked_by_id)
    VALUES (p_offering, p_worker, CASE WHEN p_worker IS NULL THEN p_union END, p_seats,
            v_chosen, signups_take.status,
            CASE WHEN v_chosen IS NOT NULL AND p_worker IS NOT NULL THEN a.busy END, p_by)
    RETURNING signups_signup.id INTO id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("signups", "0003_people_of_an_offering")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
