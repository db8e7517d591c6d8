"""One file with everything but the keys: the database and the sealed uploads.

The programs are the newest at hand: they read every older server and every older dump. A dump is
turned to SQL and fed to the server as it is written, without the settings that an older server
does not know; `commit` follows only when every program ended well.
"""

import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from psycopg.conninfo import make_conninfo

from pooshesh import __version__
from pooshesh.kernel import audit, keys
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.postgres import OLDEST, PostgresError, installations, major_version

explain(
    {
        "backup.not_one": gettext_noop("%(file)s is not a Pooshesh backup."),
        "backup.newer": gettext_noop(
            "%(file)s was made by version %(theirs)s; this is %(ours)s. Update first."
        ),
        "backup.failed": gettext_noop("%(program)s failed: %(words)s"),
        "backup.no_programs": gettext_noop(
            "There are no programs of PostgreSQL here; apt install postgresql."
        ),
        "backup.newer_dump": gettext_noop(
            "%(file)s was written by programs of a newer PostgreSQL than those here, which are of"
            " version %(ours)s. Install newer ones."
        ),
    }
)

#: Their rows open sessions or pass by themselves: a backup leaves them out.
PASSING = ("django_session", "usersessions_usersession", "kernel_cache")

DATABASE, MANIFEST, UPLOADS = "database.dump", "pooshesh.json", "uploads"


#: Takes away what the owner has here, whatever version of the product made it.
EMPTY = """
do $$
declare command text;
begin
    -- All commands are made before the first runs: a name is gone once its table is.
    foreach command in array array(
        select format('drop %s if exists %s cascade',
                      case relkind when 'v' then 'view' when 'm' then 'materialized view'
                                   when 'S' then 'sequence' else 'table' end,
                      c.oid::regclass)
        from pg_class c
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')
          and pg_get_userbyid(relowner) = current_user
          and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('e', 'i'))
        union all
        select format('drop routine if exists %s cascade', p.oid::regprocedure)
        from pg_proc p
        where pronamespace = 'public'::regnamespace
          and pg_get_userbyid(proowner) = current_user
          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
        union all
        select format('drop type if exists %s cascade', t.oid::regtype)
        from pg_type t
        where typnamespace = 'public'::regnamespace and pg_get_userbyid(typowner) = current_user
          and (typtype in ('e', 'd') or exists (
              select from pg_class c where c.oid = typrelid and c.relkind = 'c'))
          and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
    ) loop
        execute command;
    end loop;
end $$;
"""


def _programs() -> Path:
    """The folder of the newest programs at hand."""
    found = installations()
    if not found:
        raise PostgresError("postgres.none", oldest=OLDEST)
    return max(found, key=major_version)


def _environment() -> dict[str, str]:
    """The password, which must not stand in the list of processes, and English words."""
    password = str(settings.DATABASES["default"]["PASSWORD"])
    return {**os.environ, "LC_ALL": "C.UTF-8", **({"PGPASSWORD": password} if password else {})}


def address(one: Mapping[str, Any]) -> str:
    """One of Django's databases as the programs take it, with its TLS settings, without the
    password."""
    names = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    return make_conninfo(
        **one["OPTIONS"], **{name: str(one[key]) for name, key in names.items() if one[key]}
    )


def _address() -> str:
    return f"--dbname={address(settings.DATABASES['default'])}"


def _run(program: str, *words: str) -> None:
    done = subprocess.run(
        [_programs() / program, *words], capture_output=True, text=True, env=_environment()
    )
    if done.returncode:
        raise _failed(program, done.stderr)


def _failed(program: str, words: str) -> Invalid:
    return Invalid("backup.failed", program=program, words=words.strip()[-800:])


def _refuse_newer_dump(dump: Path, file: str) -> None:
    """Ask for the dump's list of contents: the programs refuse the form of a later version."""
    try:
        _run("pg_restore", "--list", "--file=/dev/null", str(dump))
    except Invalid as error:
        if "unsupported version" not in str(error.params["words"]):
            raise
        ours = major_version(_programs())
        raise Invalid("backup.newer_dump", file=file, ours=ours) from error


def _load(dump: Path) -> None:
    """Put a dump in the place of what the owner has in the database, in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select name from pg_settings")
        known = {name for (name,) in cursor.fetchall()}
    connection.close()
    programs, environment = _programs(), _environment()
    with tempfile.TemporaryFile("w+") as read_says, tempfile.TemporaryFile("w+") as write_says:
        reader = subprocess.Popen(
            [programs / "pg_restore", "--no-owner", "--no-acl", "--no-comments", "--file=-", dump],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=read_says,
            env=environment,
        )  # fmt: skip
        # Without --single-transaction, which would commit whatever came before we were killed.
        writer = subprocess.Popen(
            [programs / "psql", "--no-psqlrc", "--quiet", "--no-password",
             "--set=ON_ERROR_STOP=1", _address()],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=write_says,
            env=environment,
        )  # fmt: skip
        assert reader.stdout
        assert writer.stdin
        try:
            with writer.stdin as script:
                script.write(b"begin;\n" + EMPTY.encode())
                _hand_on(reader.stdout, script, known)
                if reader.wait() == 0:
                    script.write(b"commit;\n")
        except BrokenPipeError:
            pass  # psql stopped; its own words say why
        finally:
            reader.stdout.close()
            statuses = {"psql": writer.wait(), "pg_restore": reader.wait()}
        for program, says in (("psql", write_says), ("pg_restore", read_says)):
            if statuses[program]:
                says.seek(0)
                raise _failed(program, says.read())


def _hand_on(script: IO[bytes], target: IO[bytes], known: Collection[str]) -> None:
    """Copy a script of pg_restore, leaving out of its head the settings a server does not know."""
    for line in script:
        setting = re.match(rb"SET (\w+) ", line)
        if setting is None or setting[1].decode().lower() in known:
            target.write(line)
        if re.match(rb"(CREATE|ALTER|DROP|COPY) ", line):
            break  # from here on a line may be data
    shutil.copyfileobj(script, target, 2**20)


def _applied() -> list[list[str]]:
    return sorted(map(list, MigrationRecorder(connection).applied_migrations()))


def backup(file: Path) -> Mapping[str, Any]:
    """Write `file` whole or not at all; what its manifest says."""
    audit.seal()
    words = {version: sealed.hex() for version, sealed in keys.known().items()}
    manifest = {"version": __version__, "migrations": _applied(), "keys": words}
    with tempfile.TemporaryDirectory(dir=file.resolve().parent) as folder:
        dump = Path(folder) / DATABASE
        _run(
            "pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={dump}",
            *(f"--exclude-table-data={table}" for table in PASSING), _address(),
        )  # fmt: skip
        (Path(folder) / MANIFEST).write_text(json.dumps(manifest))
        whole = Path(folder) / "whole.tar"
        with tarfile.open(whole, "w") as tar:
            tar.add(Path(folder) / MANIFEST, MANIFEST)
            tar.add(dump, DATABASE)
            if (config().home / UPLOADS).exists():
                tar.add(config().home / UPLOADS, UPLOADS)
        whole.chmod(0o600)
        whole.replace(file)
    return manifest


def restore(file: Path) -> Mapping[str, Any]:
    """Replace the database and the uploads by a backup's, all or nothing.

    Raises Invalid, before anything changes, when a key that the backup was sealed with is not at
    hand. What is there now may be sealed with another.
    """
    from pooshesh.kernel.schema import migrate

    try:
        tar = tarfile.open(file)  # noqa: SIM115 - closed by the block below
        manifest = json.load(tar.extractfile(MANIFEST) or _none())
    except (tarfile.TarError, KeyError, ValueError, OSError) as error:
        raise Invalid("backup.not_one", file=file.name) from error
    if _number(manifest["version"]) > _number(__version__):
        raise Invalid("backup.newer", file=file.name, theirs=manifest["version"], ours=__version__)
    words = manifest.get("keys", {})
    keys.verify({int(version): bytes.fromhex(sealed) for version, sealed in words.items()})
    with tar, tempfile.TemporaryDirectory(dir=config().home) as folder, keys.unchecked():
        _unpack(tar, Path(folder))
        dump = Path(folder) / DATABASE
        _refuse_newer_dump(dump, file.name)
        _load(dump)
        uploads = config().home / UPLOADS
        if uploads.exists():
            uploads.rename(Path(folder) / "replaced")
        if (Path(folder) / UPLOADS).exists():
            (Path(folder) / UPLOADS).rename(uploads)
    migrate()
    return manifest  # type: ignore[no-any-return]


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Write plain files below `folder`; Python before 3.11.4 has no safe extraction of its own."""
    for member in tar:
        target = (folder / member.name).resolve()
        if member.isfile() and target.is_relative_to(folder.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            source = tar.extractfile(member) or _none()
            with source, target.open("wb") as file:
                shutil.copyfileobj(source, file)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _none() -> Any:
    raise KeyError(MANIFEST)
