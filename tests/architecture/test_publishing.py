"""Every verb that changes public pages says so by ``@pagecache.publishes``, and nothing
else raises the page generation."""

import ast

import pytest

from tests.architecture.test_rooms import MODULES, ROOT, parsed

PUBLISHES, ATOMIC = "pagecache.publishes", "transaction.atomic"
# Rooms whose rows stand on public pages, and their verbs that need not say it.
PUBLIC_ROOMS = {"activities", "honors", "news", "unionportal", "volunteers"}
BY_OTHERS_OR_NOT = {
    "activities": {
        *("room_named", "hold_room", "release_rooms"),  # within other verbs
        *("copy_term", "save_plan", "drop_plan", "preview_plan"),  # drafts
    },
    "honors": {
        "confer",  # by amend
        # of nominations nothing is public
        *("start_draft", "save_draft", "correct", "start_unit_notice", "submit"),
        *("stop_unit_notice", "withdraw", "county_accept", "send_back", "reject"),
        *("declare_eligible", "advance", "attach", "remove"),
        *("propose", "take_up", "decline"),
        "approve",
        # a list of old honours: by apply, in one transaction
        *("upload", "start_check", "start_apply", "apply", "forget_outdated"),
        # a jury works out of sight, and of a vote nothing is counted while it runs
        *("seat_juror", "unseat_juror", "recuse", "save_ballot", "cast", "void"),
        *("ask_waiver", "answer_waiver"),
        *("object_to", "look", "open_file", "investigate", "note", "dismiss", "uphold"),
    },
    "news": {
        *("create_article", "save_draft", "discard_draft", "send", "recall"),  # drafts
        *("decide", "release_urgently"),  # by publish
        *("give_duty", "take_duty"),  # rights
        "save_page",  # by approve_page
        *("count_readers", "rank"),  # numbers may be ten minutes old
        # said to the newsroom only
        *("waive", "save_phrase", "paste_phrases", "save_channel", "save_inspection"),
        # nobody reads a comment before it is let through; votes: commentpieces.py
        *("write_comment", "refuse_comment", "keep_comment", "report_comment"),
        *("appeal", "like_comment", "unlike_comment", "save_word", "remove_word"),
    },
    "unionportal": {
        *("write_roles", "make"),  # rights; the demonstration, by verbs
        *("share_passport", "revoke_share"),  # a page in no cache
    },
    "volunteers": {
        *("leave_all", "leave"),  # by withdraw
        *("issue", "revoke", "revoke_of"),  # a paper of one person
        # old hours are on no page
        *("upload", "start_apply", "apply", "take_back", "forget_outdated"),
        "file",  # the demonstration's city
        # by enrol
        *("ask_to_join", "invite", "accept_request", "accept_invitation"),
        *("decline_request", "decline_invitation", "take_back", "make_home"),  # inside
        *("forget_wishes", "save_profile", "save_skill", "save_partner"),
        *("file_need", "change_need", "offer", "take", "decline", "give_back"),
        *("plan", "unplan", "finish", "leave_unmet", "withdraw_need"),
        # no figure of a service is public before it was confirmed
        *("note_roster", "add_photo", "ask"),
        *("record_unproven", "prove", "amend", "drop", "send_back", "correct"),
        *("dispute", "answer_dispute"),
    },
}


def verbs_of(path):
    """The functions of a file with the names of their decorators."""
    return {
        node.name: [ast.unparse(line) for line in node.decorator_list]
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef)
    }


SERVICES = [
    p for p in MODULES if p.name == "services.py" or p.parent.name == "services"
]


def test_publishes_stands_directly_below_a_transaction_of_a_service():
    offenders = [
        f"{path}: {name}"
        for path in MODULES
        for name, decorators in verbs_of(path).items()
        if PUBLISHES in decorators
        and (path not in SERVICES or decorators[:2] != [ATOMIC, PUBLISHES])
    ]
    assert offenders == []


def test_publishes_stands_on_verbs_of_public_rooms_or_a_reason_is_listed():
    offenders = [
        f"{path}: {name}"
        for path in SERVICES
        for name, decorators in verbs_of(path).items()
        if path.parts[0] in PUBLIC_ROOMS
        and ATOMIC in decorators
        and PUBLISHES not in decorators
        and name not in BY_OTHERS_OR_NOT.get(path.parts[0], ())
    ]
    assert offenders == []


def test_raise_generation_is_called_by_the_page_cache_only():
    offenders = [
        str(path)
        for path in MODULES
        if "raise_generation" in (ROOT / path).read_text(encoding="utf-8")
        and str(path) != "common/pagecache.py"
    ]
    assert offenders == [], "say @pagecache.publishes below @transaction.atomic instead"


def test_publishes_is_found_by_the_search_for_publishing_verbs():
    found = [n for p in SERVICES for n, d in verbs_of(p).items() if PUBLISHES in d]
    assert len(found) > 30


@pytest.mark.parametrize("name", ["seats.py", "leaving.py"])
def test_sign_up_never_publishes(name):
    [path] = [p for p in SERVICES if p.parts[0] == "signups" and p.name == name]
    assert PUBLISHES not in (ROOT / path).read_text(encoding="utf-8")


def test_what_follows_a_commit_goes_through_one_verb():
    """``common.services.after_commit``: Django's own, given a ``partial``, fails where it
    would log that the ``partial`` failed, and what was committed is answered by a 500."""
    callers = [
        str(path)
        for path in MODULES
        if "robust=True" in ast.unparse(parsed(path))
        and path.parts[:2] != ("common", "services")
    ]
    assert callers == []
