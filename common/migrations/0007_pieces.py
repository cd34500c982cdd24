"""The current text: common/sql/functions.sql."""

from django.db import migrations

SQL = """
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
"""
BACK = """
DROP FUNCTION common_pieces(text[]);
DROP FUNCTION common_pieces_sought(text);
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0006_page_change_tells")]

    operations = [migrations.RunSQL(SQL, BACK)]
