"""``signups_take`` asks the rules that few people meet only when somebody meets them: in a
rush each of its calls sets up less. The current text: signups/sql/functions.sql."""

from django.db import migrations

SQL = """
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
"""


class Migration(migrations.Migration):
    dependencies = [("signups", "0016_no_state_of_having_come")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
