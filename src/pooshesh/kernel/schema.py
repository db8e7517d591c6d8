"""Bringing a database to today's tables, and giving the product's role what it needs."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from pooshesh.kernel.migrating import quickly
from pooshesh.kernel.postgres import APP, check_database

#: Rows the product's role may add and read but never change.
APPEND_ONLY = (
    "kernel_event", "kernel_subject", "kernel_seal", "kernel_sealed", "policy_decision",
    "ledger_entry", "ledger_posting",
)  # fmt: skip


def pending() -> int:
    """How many migrations this database has not seen."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> None:
    """Apply migrations and grants. Runs as the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists pg_trgm")
    check_database(connection.connection)
    with quickly():
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    grant_app_role()


def grant_app_role() -> None:
    """Let the product's role use every table, but not change what only grows.

    Does nothing where that role does not exist: one address for both roles was given.
    """
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", [APP])
        if not cursor.fetchone():
            return
        cursor.execute(f"grant usage on schema public to {APP}")
        cursor.execute(
            f"grant select, insert, update, delete on all tables in schema public to {APP}"
        )
        cursor.execute(f"grant usage, select on all sequences in schema public to {APP}")
        for table in APPEND_ONLY:
            cursor.execute(f"revoke update, delete, truncate on {table} from {APP}")
