"""A choice in a draw gets its rank with its row; a draw's results are handed to the
signups at once. The current text: signups/sql/functions.sql."""

from django.db import migrations

SQL = """
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
        SET status = 'cancelled', ended_at = now(), changed_at = now() WHERE s.id = a.mine;
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
"""


class Migration(migrations.Migration):
    dependencies = [("signups", "0007_draws")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
