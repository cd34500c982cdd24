"""Pages against the least that any page costs, of as many bytes, through the same
application server.

``page_cached``              the portal as it is served, to a visitor without a session,
                             against a WSGI application that does nothing else
``page_warm`` … ``_cold``    Django without what stands in front of it, against a bare
                             view behind the same middleware. Warm: the pieces that are
                             kept in the process's memory are there; cold: nothing is
                             kept from one request to the next (compiled templates are)
``term_page`` … ``check_page``  for a worker who is logged in, warm, against a bare view
                             that asks who they are
"""

import statistics

from django.db.models import Count
from django.db.models.functions import Length
from django.urls import reverse

from activities.training.models import CourseClass, Term
from bench import client, kept, processor, scene, server
from bench.report import Figure
from members.models import User
from news.models import Article, Column
from signups.services import standing

ROUNDS = 7
SECONDS = 0.5  # of each round, for the page and for its reference
CONNECTIONS = 4
DJANGO = "bench.wsgi:passed_by"
WARM = {"page_warm": 0.10, "list_warm": 0.12, "home_warm": 0.06}
COLD = {"page_cold": 0.06, "list_cold": 0.05, "home_cold": 0.03}
OWN = {"term_page": 0.30, "class_page": 0.35, "check_page": 0.35}
CACHED = {"page_cached": 0.7}


def measure(wanted):
    with kept.database("demonstration"):
        paths = _public()
        if wanted & CACHED.keys():
            yield _cached(paths["page"])
        yield from _visitors(wanted, WARM, paths, keeps=True)
        yield from _visitors(wanted, COLD, paths, keeps=False)
        if wanted & OWN.keys():
            yield from _own(wanted)


def _public() -> dict[str, str]:
    """The longest article, the fullest column, home."""
    article = (
        Article.objects.live().order_by(Length("live_version__body").desc()).first()
    )
    column = Column.objects.annotate(n=Count("articles")).order_by("-n").first()
    return {
        "page": article.get_absolute_url(),
        "list": column.get_absolute_url(),
        "home": reverse("home"),
    }


def _cached(path) -> Figure:
    with (
        server.running(workers=1) as (port, process),
        server.running(workers=1, loads="bench.wsgi:bare") as (bare_port, _bare),
    ):
        return compare(
            "page_cached",
            (port, path, ""),
            (bare_port, "/?bytes={size}", ""),
            "a bare WSGI application sending as many bytes",
            CACHED["page_cached"],
            process,
        )


def _visitors(wanted, reaches, paths, *, keeps):
    names = [name for name in reaches if name in wanted]
    if not names:
        return
    with server.running(workers=1, loads=DJANGO, keeps=keeps) as (port, process):
        for name in names:
            yield compare(
                name,
                (port, paths[name.partition("_")[0]], ""),
                (port, "/bench/bare/?bytes={size}", ""),
                "a bare view behind the same middleware",
                reaches[name],
                process,
            )


def _own(wanted):
    """In the term of fourteen classes, one that this worker can still ask for."""
    user = User.objects.by_phone("+8613900000150")
    session = scene.log_in(user)
    term = Term.objects.in_sign_up().first()
    made = next(
        made
        for made in CourseClass.objects.open_now().filter(term=term)
        if not standing.look_at(made.offering, user.worker).reasons
    )
    paths = {
        "term_page": term.get_absolute_url(),
        "class_page": made.get_absolute_url(),
        "check_page": reverse("signups:signup-create", args=[made.offering.pk]),
    }
    with server.running(workers=1, loads=DJANGO) as (port, process):
        for name, path in paths.items():
            if name in wanted:
                yield compare(
                    name,
                    (port, path, session),
                    (port, "/bench/person/?bytes={size}", session),
                    "a bare view for the same person",
                    OWN[name],
                    process,
                )


def compare(name, page, bare, reference, reach, process) -> Figure:
    """Rounds of both in turn; each is (port, path, session)."""
    size = once(*page)
    bare = (bare[0], bare[1].format(size=size), bare[2])
    for one in (page, bare):
        rate(*one)  # warm up
    share = processor.Share(process.pid)
    rates = [(rate(*page), rate(*bare)) for _ in range(ROUNDS)]
    return Figure(
        name,
        statistics.median(one for one, _bare in rates),
        "requests/s",
        statistics.median(one / other for one, other in rates),
        f"{reference} ({size / 1000:.0f} KB)",
        reach,
        note=str(share),
    )


def once(port, path, session="") -> int:
    """Ask once; the bytes of the body. RuntimeError if it is not a page."""
    load = client.send(port, [client.get(port, path, session)], 1)
    if set(load.statuses) != {200}:
        raise RuntimeError(f"{path} answered {dict(load.statuses)}.")
    return load.size


def rate(port, path, session="", *, seconds=SECONDS, connections=CONNECTIONS) -> float:
    """Answers a second over a few connections that are kept open."""
    asked = client.for_seconds(seconds, client.get(port, path, session))
    load = client.send(port, asked, connections)
    if set(load.statuses) != {200}:
        raise RuntimeError(f"{path} answered {dict(load.statuses)}.")
    return load.rate
