"""A record of what belongs to no row: who looked, fetched or failed, and how it ended."""

import logging

_log = logging.getLogger("portal.audit")


def record(verb, *, by, of=None, outcome="done", reason=""):
    """Put on record that ``by`` did ``verb``; names only ids."""
    _log.info(
        "%s by=%s of=%s outcome=%s reason=%s",
        verb,
        getattr(by, "pk", None),
        f"{of._meta.label}:{of.pk}" if of is not None else None,
        outcome,
        reason,
    )
