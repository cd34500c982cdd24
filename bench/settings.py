"""The portal as ``make run`` serves it, with databases and doors of its own."""

from dataclasses import replace

from unionportal import embedded_postgres
from unionportal.settings.dev import *  # noqa: F403
from unionportal.settings.dev import DATABASE_OPTIONS, LOGGING, MIDDLEWARE, VAR_DIR, env

ROOT_URLCONF = "bench.urls"

# which of them: bench.kept names it for the processes it starts
NAME = env.text("BENCH_DATABASE", "")

if entry := env.database():
    entry["NAME"] += f"_bench_{NAME}" if NAME else "_bench"
else:
    # durable: a seat that was promised must survive the plug
    entry = embedded_postgres.settings(VAR_DIR / "postgres-bench")
    if NAME:
        entry["NAME"] += f"_{NAME}"
        entry["SERVER"] = replace(entry["SERVER"], database=entry["NAME"])
DATABASES = {"default": env.joined(entry, DATABASE_OPTIONS)}
MEDIA_ROOT = VAR_DIR / "bench-media" / (NAME or "portal")

if env.text("BENCH_FORGETS", ""):
    MIDDLEWARE = ["bench.doors.Forgets", *MIDDLEWARE]

# figures only
LOGGING["loggers"]["portal"]["level"] = "WARNING"

# the client of a benchmark is one address
SEARCH_PACE = (10**9, 60)
