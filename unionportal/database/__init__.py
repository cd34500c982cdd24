"""The two roles of the database, and what a database is for.

The *owner* makes tables and changes them (``manage.py migrate``). The *application's
role* owns nothing: it reads and writes rows, and of what is append-only it may only
read and insert (``rights``). So nobody who takes the application over can erase the
audit. ``purpose`` keeps demonstration settings away from production's database.

``unionportal.database`` is also Django's ``ENGINE`` for a ``DATABASE_URL``: its backend
for Postgres, which asks each new connection what its database is for.

Of an entry of DATABASES with two roles, ``USER`` is the application's; ``OWNER`` has
what differs for the owner. Without ``OWNER`` there is one role, which does everything.
"""
