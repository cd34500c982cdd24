"""The lines that ``make bench`` prints, by the part that measures them.

Each can be asked for by itself, as can a part, or all lines that begin alike:
``manage.py bench rush_full``, ``bench pages``, ``bench growth_admin``.
"""

PARTS = {
    "pages": [
        "page_cached",
        "page_warm",
        "list_warm",
        "home_warm",
        "page_cold",
        "list_cold",
        "home_cold",
        "term_page",
        "class_page",
        "check_page",
    ],
    "readers": ["hits"],
    "loads": ["first_load", "first_load_pictures", "second_start"],
    "seats": ["rush_sql"],
    "rushes": ["rush", "rush_hot", "rush_full", "memory"],
    "roster": ["import_roster", "import_roster_memory"],
    "search": ["search_common", "search_rare"],
    "growth": [
        "growth_home",
        "growth_article",
        "growth_list",
        "growth_all_news",
        "growth_class",
        "growth_term",
        "growth_check",
        "growth_my",
        "growth_hall",
        "growth_teams",
        "growth_team",
        "growth_site_map",
        "growth_sitemap_xml",
        "deep_page",
        "growth_admin_articles",
        "growth_admin_articles_searched",
        "growth_admin_article_form",
        "growth_admin_workers",
        "growth_admin_workers_searched",
        "growth_admin_workers_suggested",
        "growth_admin_unions",
        "growth_admin_unions_suggested",
        "growth_admin_offerings",
        "growth_admin_signups",
        "growth_admin_signups_searched",
        "growth_admin_team",
        "growth_admin_team_searched",
        "growth_admin_members",
        "growth_admin_members_searched",
        "growth_admin_need",
    ],
}
LINES = [line for lines in PARTS.values() for line in lines]


def asked_for(words: list[str]) -> list[str]:
    """The lines that these words name, in order; all where there are none. Raises
    KeyError with a word that names nothing."""
    if not words:
        return LINES
    found = set()
    for word in words:
        lines = PARTS.get(word, []) if word not in LINES else [word]
        lines = lines or [line for line in LINES if line.startswith(f"{word}_")]
        if not lines:
            raise KeyError(word)
        found.update(lines)
    return [line for line in LINES if line in found]
