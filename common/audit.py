"""What belongs to no row: who logged in, who was refused. A stand-in that logs."""

import logging

log = logging.getLogger("portal.audit")


def record(verb, *, by, of=None, outcome="done", reason="", before="", after=""):
    """Leave one event: ``by`` did ``verb`` to ``of``."""
    log.info(
        "%s by %s of %s: %s %s",
        verb,
        getattr(by, "pk", None),
        getattr(of, "pk", None),
        outcome,
        reason,
    )
