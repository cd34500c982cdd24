"""What the application's role may do with each table: one list, from the models.

=============================  =====================================================
a model's ``changeable``       the application's role may
=============================  =====================================================
not declared                   read, insert, change and delete rows
``()``                         read and insert: the table is append-only
``("author",)``                the same, and change these fields
=============================  =====================================================

No table can be truncated, altered or dropped, no trigger be taken away: that is the
owner's.
"""

from django.apps import apps
from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql

_READ_ONLY = {"django_migrations"}


def append_only() -> dict[str, list[str]]:
    """Table → the columns that may still change, of all that is append-only."""
    found = {}
    for model in apps.get_models():
        changeable = getattr(model, "changeable", None)
        if changeable is not None and model._meta.managed:
            columns = [model._meta.get_field(name).column for name in changeable]
            found[model._meta.db_table] = columns
    return found


def grant(application: str) -> None:
    """Give the role ``application`` exactly its rights; the owner's to do, after every
    migration. Safe to run again, and while the portal is being used.

    A table that appears later is append-only until this has been run again.
    """
    kept = append_only()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user")
        database, owner = cursor.fetchone()
        ordinary = [
            name for name in _own_tables(cursor) if name not in kept.keys() | _READ_ONLY
        ]
        names = {
            "app": sql.Identifier(application),
            "owner": sql.Identifier(owner),
            "database": sql.Identifier(database),
            "ordinary": _list(ordinary),
            "append_only": _list(kept),
            "read_only": _list(_READ_ONLY),
        }
        # one string is one transaction: nobody meets a table without rights
        steps = [sql.SQL(step).format(**names) for step in _STEPS]
        for table, columns in kept.items():
            if columns:
                steps.append(
                    sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(
                        _list(columns), sql.Identifier(table), names["app"]
                    )
                )
        # the narrow doors through which the application reaches what it may not change
        for function in _doors(cursor):
            step = f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {{app}}"
            steps.append(sql.SQL(step).format(**names))
            step = f"GRANT EXECUTE ON FUNCTION {function} TO {{app}}"
            steps.append(sql.SQL(step).format(**names))
        cursor.execute(sql.SQL("; ").join(steps))


_STEPS = [
    "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {app}",
    "GRANT CONNECT ON DATABASE {database} TO {app}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {app}",
    "GRANT USAGE ON SCHEMA public TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
    "GRANT SELECT, INSERT ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
    "GRANT USAGE ON SEQUENCES TO {app}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app}",
    "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {app}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON {ordinary} TO {app}",
    "GRANT SELECT, INSERT ON {append_only} TO {app}",
    "GRANT SELECT ON {read_only} TO {app}",
]


def _list(names) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def _own_tables(cursor) -> list[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'p') AND pg_has_role(relowner, 'MEMBER') ORDER BY 1"
    )
    return [name for (name,) in cursor.fetchall()]


def _doors(cursor) -> list[str]:
    """Functions of the owner's that work with the owner's rights, as SQL names them."""
    cursor.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef "
        "AND pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'MEMBER')"
    )
    return [name for (name,) in cursor.fetchall()]


def may_migrate() -> bool:
    """Whether the role that is connected may make tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        return cursor.fetchone()[0]


# --- what is wrong ------------------------------------------------------------------

_FAULTS = [
    (
        "it is, or can become, a role that may do more than its own rights say",
        "SELECT rolname FROM pg_roles WHERE pg_has_role(oid, 'MEMBER') "
        "AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication "
        "OR rolbypassrls)",
    ),
    (
        "it owns (or can become who owns)",
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S') "
        "AND relnamespace = 'public'::regnamespace AND pg_has_role(relowner, 'MEMBER') "
        "UNION ALL SELECT proname || '()' FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'MEMBER') "
        "UNION ALL SELECT 'the schema' FROM pg_namespace "
        "WHERE nspname = 'public' AND pg_has_role(nspowner, 'MEMBER') "
        "UNION ALL SELECT 'the database' FROM pg_database "
        "WHERE datname = current_database() AND pg_has_role(datdba, 'MEMBER')",
    ),
    (
        "it may make tables or functions in",
        "SELECT 'the schema public' WHERE has_schema_privilege('public', 'CREATE')",
    ),
    (
        "it may switch triggers off with",
        "SELECT 'session_replication_role' "
        "WHERE has_parameter_privilege('session_replication_role', 'SET')",
    ),
    (
        "it may truncate, or put triggers on",
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
        "AND relnamespace = 'public'::regnamespace "
        "AND has_table_privilege(oid, 'TRUNCATE, TRIGGER')",
    ),
    (
        "it may change or delete what is append-only:",
        "SELECT relname FROM pg_class WHERE relname = ANY(%(append_only)s) "
        "AND relnamespace = 'public'::regnamespace "
        "AND has_table_privilege(oid, 'UPDATE, DELETE')",
    ),
    (
        "it may not read or insert into (manage.py grant_rights):",
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
        "AND relnamespace = 'public'::regnamespace AND NOT "
        "(has_table_privilege(oid, 'SELECT') AND (has_table_privilege(oid, 'INSERT') "
        "OR relname = ANY(%(read_only)s)))",
    ),
]


def faults() -> list[str]:
    """What the role that is connected may do and should not, or cannot do and should:
    a line for each kind of fault."""
    values = {"append_only": list(append_only()), "read_only": list(_READ_ONLY)}
    found = []
    with connection.cursor() as cursor:
        for what, question in _FAULTS:
            cursor.execute(question, values)
            named = [name for (name,) in cursor.fetchall()]
            if named:
                more = f" and {len(named) - 5} more" if len(named) > 5 else ""
                found.append(f"{what} {', '.join(named[:5])}{more}")
    return found
