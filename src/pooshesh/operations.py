"""Verbs for whoever runs the product: schema, worker, backups, audit."""

import code
import datetime as dt
import os
import signal
import sys
import threading
from argparse import Namespace
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, close_old_connections
from django.utils import translation

from pooshesh.kernel import audit, backup, jobs, messages, schema
from pooshesh.kernel.config import config
from pooshesh.kernel.models import Job
from pooshesh.kernel.postgres import Cluster
from pooshesh.kernel.processes import Hold
from pooshesh.kernel.verbs import arg, verb


def say(text: str) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def as_owner() -> None:
    """Run this process again as the role that owns the tables."""
    if os.environ.get("POOSHESH_ROLE") != "owner":
        os.environ["POOSHESH_ROLE"] = "owner"
        os.execv(sys.executable, [sys.executable, "-m", "pooshesh", *sys.argv[1:]])  # noqa: S606


@verb("migrate", "Bring the database to this version's tables.")
def migrate(options: Namespace) -> None:
    as_owner()
    schema.migrate()


@verb("worker", "Do background jobs until stopped.")
def worker(options: Namespace) -> None:
    translation.activate(settings.LANGUAGE_CODE)  # its steps are read in the browser
    stopping = threading.Event()

    def tick() -> None:
        while not stopping.wait(15):
            try:
                jobs.recover()
                jobs.start_due()
            except DatabaseError as error:  # it may be restarting: the next tick tries again
                say(f"scheduler: {type(error).__name__}")
            finally:
                close_old_connections()

    jobs.recover()
    jobs.start_due()
    threading.Thread(target=tick, daemon=True).start()
    try:
        call_command("db_worker", interval=0.5, verbosity=0, startup_delay=False)
    finally:
        stopping.set()


@verb("backup", "Write the database and the uploads to one file; keys are not in it.", arg("file"))
def write_backup(options: Namespace) -> None:
    as_owner()
    file = Path(options.file)
    backup.backup(file)
    say(f"{file}: {file.stat().st_size:,} bytes. Keep POOSHESH_DATA_KEY and the secrets elsewhere.")


@verb(
    "restore",
    "Replace the database and the uploads by those of a backup.",
    arg("file"),
    arg("--yes", action="store_true", help="do not ask"),
)
def restore(options: Namespace) -> int | None:
    as_owner()
    if Hold(config().home).holder():
        say("The product runs; ./pooshesh down first.")
        return 2
    if not options.yes and input("This replaces everything here. Type yes: ").strip() != "yes":
        return 1
    manifest = backup.restore(Path(options.file))
    say(f"Restored a backup of version {manifest['version']}.")
    return None


@verb(
    "audit verify",
    "Recompute the audit chain; exit status 1 when anything was changed.",
    arg("--heads", type=Path, help="folder of exported heads (default: HOME/audit-heads)"),
)
def audit_verify(options: Namespace) -> int:
    audit.seal()
    faults = list(audit.verify(options.heads))
    for fault in faults:
        say(f"seal {fault.seal}: {fault.what}")
    count, heads = audit.state().sealed, len(audit.exported(options.heads))
    say(f"Verified: events {count:,}, exported heads {heads}, faults {len(faults)}")
    return 1 if faults else 0


@verb(
    "audit export",
    "Sign and export the newest head of the audit chain.",
    arg("--to", type=Path, help="folder (default: HOME/audit-heads)"),
)
def audit_export(options: Namespace) -> None:
    audit.seal()
    say(str(audit.export_head(options.to) or "nothing is sealed yet"))


@verb("jobs list", "The newest background jobs.")
def list_jobs(options: Namespace) -> None:
    for row in Job.objects.order_by("-created_at")[:30]:
        when = dt.datetime.astimezone(row.created_at).strftime("%Y-%m-%d %H:%M")
        say(f"{row.id}  {when}  {row.kind:20}  {row.state:9}  {row.done}/{row.total}  {row.step}")


@verb("messages", "Complete and compile Persian catalogues.", arg("rooms", nargs="*"),
      database=False)  # fmt: skip
def update_messages(options: Namespace) -> None:
    for room in options.rooms or messages.rooms():
        if messages.message_ids(room):
            total, missing = messages.update(room)
            say(f"{room:12} {total:4} messages, {missing} without Persian")


@verb("shell", "A Python prompt with the product loaded.")
def shell(options: Namespace) -> None:
    code.interact(banner="Pooshesh", local={})


@verb("status", "What runs here.", database=False)
def status(options: Namespace) -> int:
    home = config().home
    holder = Hold(home).holder()
    say(f"home      {home}")
    if config().database_url:
        say("database  an address was given")
    else:
        say(f"database  {'runs' if Cluster(home).running() else 'stopped'}")
    if not holder:
        say("product   stopped")
        return 1
    say(f"product   {holder.get('address', 'starting')} (process {holder['pid']})")
    return 0


@verb("down", "Stop the product that runs in the background, and its database.", database=False)
def down(options: Namespace) -> None:
    home = config().home
    ended = [end(Hold(home, name)) for name in ("up", "cluster")]
    stopped = not config().database_url and Cluster(home).stop()
    say("stopped" if any(ended) or stopped else "nothing ran")


def end(hold: Hold) -> bool:
    """Ask who holds it to stop, and wait for that; False when nobody does."""
    holder = hold.holder()
    if holder:
        os.kill(int(holder["pid"]), signal.SIGTERM)
        for _ in range(300):
            if hold.holder() is None:
                break
            threading.Event().wait(0.1)
    return holder is not None
