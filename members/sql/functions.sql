-- Whether somebody counts as a member of a union. Never null, so that NOT works.
CREATE OR REPLACE FUNCTION members_is_member(is_member boolean, left_at timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(is_member, false) AND left_at IS NULL;
