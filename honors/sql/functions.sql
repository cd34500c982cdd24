-- What the tables of this room ask of the database. The current text; each change is a
-- migration that carries all of it.

CREATE OR REPLACE FUNCTION honors_period_end(
    first date, days integer, first_counts boolean
) RETURNS date LANGUAGE plpgsql STABLE AS $$
-- The last day of a period of so many working days, as the notices of days off say
-- (common/workdays.py); refused where one of them is not in the table yet.
DECLARE
    day date := CASE WHEN first_counts THEN first - 1 ELSE first END;
    still integer := days;
    is_worked boolean;
BEGIN
    WHILE still > 0 LOOP
        day := day + 1;
        IF NOT EXISTS (SELECT FROM common_holiday h
                WHERE h.notice_year = extract(year FROM day))
            OR to_char(day, 'MMDD') >= '1225' AND NOT EXISTS (
                SELECT FROM common_holiday h
                WHERE h.notice_year = extract(year FROM day) + 1) THEN
            RAISE EXCEPTION 'The days off of % are not known.', day USING
                ERRCODE = 'check_violation',
                CONSTRAINT = 'honors_publicnotice_days_known';
        END IF;
        SELECT h.works INTO is_worked FROM common_holiday h WHERE h.date = day;
        IF coalesce(is_worked, extract(isodow FROM day) < 6) THEN
            still := still - 1;
        END IF;
    END LOOP;
    RETURN day;
END $$;
