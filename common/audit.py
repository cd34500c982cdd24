"""Records of what belongs to no row."""

import logging

log = logging.getLogger("portal.audit")


def record(verb: str, *, by=None, of=None, outcome: str = "done", reason: str = ""):
    """Note that ``by`` did ``verb`` to ``of``."""
    log.info("%s by %s of %s: %s", verb, getattr(by, "pk", None), of and of.pk, outcome)
