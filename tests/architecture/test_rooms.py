"""The law of the house: imports run down only, and inside a room towards the tables."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

WINGS = {"news", "activities", "honors", "volunteers"}

# room -> the rooms it may import (itself is always allowed)
MAY_KNOW = {
    "common": set(),
    "members": {"common"},
    "signups": {"common", "members"},
    "news": {"common", "members"},
    "honors": {"common", "members"},
    "volunteers": {"common", "members", "signups"},
    "activities": {"common", "members", "signups"},
    "unionportal": {"common", "members", "signups", *WINGS},
}

# inside the wing of activities: its rooms do not know each other but for venues
MAY_KNOW_INSIDE = {"venues": set(), "training": {"venues"}}

# inside a room, a file may import files further left (or beside it) only; a folder that
# is named here stands on its shelf as a whole
# fmt: off
SHELVES = [
    {
        "errors", "enums", "fields", "crypto", "hashers", "logs", "dates", "moments",
        "letters", "numerals", "segmentation", "pinyin", "strokes", "typeset", "markup", "richtext", "content", "comparison",
        "sqldump", "dedecms", "oldarticles", "wording", "pasting", "punctuation",
        "pagelines", "tidying",
        "images", "finding", "links", "pixels", "picturefiles", "picturestore", "filekinds", "filestore", "videohosts", "qr", "pace", "paging",
        "charts", "sheets", "workbooks", "cells", "headers", "identity", "names", "spellings",
        "rosters", "certificatenumbers", "holidays", "functions", "phones", "sms", "captcha", "addresses", "browsers",
        "library", "draw", "scoring", "composition", "settings", "database", "embedded_postgres", "formats", "roles",
        "noticekinds", "notices", "statements",
    },
    {"querysets", "ledgerquerysets", "commentquerysets"},
    {
        "models", "ledgers", "audit", "history", "sessions", "backends", "pagecache", "tasks",
        "following", "publicpages", "progress", "searching",
    },
    {"services", "demo", "workdays"},
    {
        "adapter", "forms", "commentforms", "buttons", "cards", "calendars", "facets", "kept", "labels",
        "pieces", "commentpieces", "queues", "receipts", "searchable", "stages", "staleforms",
    },
    {
        "views", "drawviews", "commentviews", "admin", "drawadmin", "adminlists", "importadmin", "modeladmin", "feeds", "commands", "management",
        "templatetags", "middleware", "context", "site", "site_admin", "home", "mine",
        "owndata", "passport", "sitemap", "sitemaps", "styleguide", "work", "frontcache", "readercount", "readers", "pageviews", "messagecookie",
        "nextchange", "search", "searchviews", "searchadmin", "auditing", "deeds", "steward", "servicedesk", "tidydesk",
        "arrivals", "rollcall", "papers", "paperdesk",
    },
    {"urls", "apps", "wsgi"},
]

# ``members`` has two halves: log-ins, and the people and unions they belong to. What
# stands in neither list (tables' words, tables, urls) is common ground.
ACCOUNTS = {
    "adapter", "addresses", "backends", "browsers", "captcha", "forms", "library",
    "middleware", "noticekinds", "notices", "security", "sms", "stages", "views",
    "models.duties", "models.notices", "models.security", "models.sms", "models.users",
    "services.accounts", "services.codes", "services.consents", "services.devices",
    "services.duties", "services.logins", "services.notices", "services.outbox",
    "services.passwords",
    "services.second_factor", "services.selfservice", "services.texting",
}
PEOPLE = {
    "cells", "certificatenumbers", "headers", "identity", "names", "rosters",
    "spellings", "admin", "management", "queues", "models.belonging", "models.certificates",
    "models.people", "models.rosters",
    "services.certificates", "services.memberships", "services.owndata", "services.rights", "services.roster",
    "services.roster_pass", "services.roster_reading", "services.transfers", "services.unions",
    "services.verification", "services.workers",
    "models.Certificate", "models.CorrectionRequest", "models.RosterImport", "models.Stewardship",
    "models.UnionOrg", "models.UnionTransfer", "models.VerificationTry",
    "models.Worker",
}
GROUND = {"apps", "enums", "models", "phones", "querysets", "services", "urls"}
# fmt: on
SHELF = {name: depth for depth, names in enumerate(SHELVES) for name in names}


def every_module():
    for room in MAY_KNOW:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT)


MODULES = list(every_module())


@cache
def parsed(path):
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def imported(path):
    names = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    return names


def wing_room(dotted):
    """The room inside activities/ that a dotted name belongs to, or None."""
    parts = dotted.split(".")
    inside = len(parts) > 1 and parts[0] == "activities"
    return parts[1] if inside and parts[1] in MAY_KNOW_INSIDE else None


def room_of(dotted):
    return (dotted.split(".")[0], wing_room(dotted))


def shelf_of(dotted):
    return next((SHELF[part] for part in dotted.split(".")[1:] if part in SHELF), None)


def dotted(path):
    return ".".join(path.with_suffix("").parts)


def test_rooms_are_found():
    assert len(MODULES) > 60
    assert {path.parts[0] for path in MODULES} == MAY_KNOW.keys()


def test_rooms_of_the_wing_are_all_listed():
    rooms = {path.parts[1] for path in MODULES if path.parts[0] == "activities"}
    folders = {name for name in rooms if (ROOT / "activities" / name).is_dir()}
    assert folders == MAY_KNOW_INSIDE.keys()


def test_imports_go_down_never_sideways_or_up():
    offenders = {}
    for path in MODULES:
        room = path.parts[0]
        known = {name.split(".")[0] for name in imported(path)} & MAY_KNOW.keys()
        if too_far := known - MAY_KNOW[room] - {room}:
            offenders[str(path)] = too_far
    assert offenders == {}


def test_imports_between_rooms_of_the_wing_are_none():
    offenders = {}
    for path in MODULES:
        here = wing_room(dotted(path))
        if here is None:
            continue  # the hub and every other room: the test above speaks of them
        known = {wing_room(name) for name in imported(path)} - {None, here}
        if too_far := known - MAY_KNOW_INSIDE[here]:
            offenders[str(path)] = too_far
    assert offenders == {}


def test_imports_of_a_rooms_files_go_towards_the_tables_only():
    offenders = []
    for path in MODULES:
        here = shelf_of(dotted(path))
        for name in imported(path):
            there = shelf_of(name)
            is_inside = room_of(name) == room_of(dotted(path))
            if is_inside and None not in (here, there) and there > here:
                offenders.append(f"{path} may not import {name}")
    assert offenders == []


def test_shelves_hold_every_module():
    loose = [
        str(path)
        for path in MODULES
        if shelf_of(dotted(path)) is None
        and (path.name != "__init__.py" or imported(path))
    ]
    assert loose == []


def half_of(name):
    """ACCOUNTS, PEOPLE or GROUND, by the longest name that is listed; else None."""
    parts = name.removesuffix(".__init__").split(".")
    for length in (2, 1):
        for half in (ACCOUNTS, PEOPLE, GROUND):
            if parts[0] == "members" and ".".join(parts[1 : 1 + length]) in half:
                return half
    return None


def of_members():
    return [path for path in MODULES if path.parts[0] == "members"]


def test_shelves_of_members_belong_to_one_half_each():
    assert not ACCOUNTS & PEOPLE
    loose = [
        str(path)
        for path in of_members()
        if half_of(dotted(path)) is None and path != Path("members/__init__.py")
    ]
    assert loose == []
    homeless = {"services", "models"} & {
        ".".join(path.with_suffix("").parts[1:2])
        for path in of_members()
        if half_of(dotted(path)) is GROUND and path.name != "__init__.py"
    }
    assert homeless == set()


def test_imports_of_accounts_verbs_do_not_reach_people():
    """The pages of a log-in may ask the verbs of people: they are above both."""
    pages = SHELF["adapter"]
    offenders = [
        f"{path} may not import {name}"
        for path in of_members()
        if half_of(dotted(path)) is ACCOUNTS and (shelf_of(dotted(path)) or 0) < pages
        for name in imported(path)
        if half_of(name) is PEOPLE
    ]
    assert offenders == []


def opens_transactions(path):
    return any(name.startswith("django.db.transaction") for name in imported(path))


def test_transactions_are_opened_by_services_only():
    offenders = {
        str(path)
        for path in MODULES
        if opens_transactions(path)
        and path.name != "services.py"
        and path.parent.name != "services"
    }
    assert offenders == set()


def test_transactions_are_found_by_the_search():
    assert opens_transactions(Path("signups/services/seats.py"))


def test_shelves_hold_no_file_longer_than_their_limit():
    """Past about 600 lines a file is two."""
    lengths = {
        str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines())
        for path in MODULES
    }
    assert {path: n for path, n in lengths.items() if n > 600} == {}


def test_models_override_no_save_and_no_room_listens_to_signals():
    offenders = set()
    for path in MODULES:
        for node in ast.walk(parsed(path)):
            is_method = path.name == "models.py" and isinstance(node, ast.FunctionDef)
            if is_method and node.name == "save":
                offenders.add(f"{path}: save()")
        if any("signals" in name.split(".") for name in imported(path)):
            offenders.add(f"{path}: signals")
    assert offenders == set()


TOP_LEVEL = {
    "manage.py", "unionportal", "news", "activities", "honors", "volunteers",
    "templates", "static", "requirements.txt", "tests",  # given by the union
    "common", "members", "signups",  # three shared rooms, and no more
    "Makefile", "README.md", "SECURITY.md", "requirements.in", "requirements-dev.in",
    "requirements-dev.txt", "pyproject.toml", "docs", "deploy", "bench", "locale",
    ".ci", ".gitignore",
}  # fmt: skip


def test_rooms_at_the_top_are_the_listed_ones():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    assert {name.split("/")[0] for name in listed if name} <= TOP_LEVEL
