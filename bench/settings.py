"""The portal as ``make run`` serves it, with a database and two doors of its own."""

from unionportal import embedded_postgres
from unionportal.settings.dev import *  # noqa: F403
from unionportal.settings.dev import DATABASE_OPTIONS, MIDDLEWARE, VAR_DIR, env

ROOT_URLCONF = "bench.urls"

if entry := env.database():
    entry["NAME"] += "_bench"
else:
    # durable: a seat that was promised must survive the plug
    entry = embedded_postgres.settings(VAR_DIR / "postgres-bench")
DATABASES = {"default": env.joined(entry, DATABASE_OPTIONS)}
MEDIA_ROOT = VAR_DIR / "bench-media"

if env.text("BENCH_FORGETS", ""):
    MIDDLEWARE = ["bench.doors.Forgets", *MIDDLEWARE]
