"""One file with everything but the keys: the database and the sealed uploads."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from pooshesh import __version__
from pooshesh.kernel import audit
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.postgres import Cluster

explain(
    {
        "backup.not_one": gettext_noop("%(file)s is not a Pooshesh backup."),
        "backup.newer": gettext_noop(
            "%(file)s was made by version %(theirs)s; this is %(ours)s. Update first."
        ),
        "backup.failed": gettext_noop("%(program)s failed: %(words)s"),
    }
)

#: Their rows open sessions or pass by themselves: a backup leaves them out.
PASSING = ("django_session", "usersessions_usersession", "kernel_cache")

DATABASE, MANIFEST, UPLOADS = "database.dump", "pooshesh.json", "uploads"


def _program(name: str) -> str:
    return str(Cluster(config().home).binaries / name)


def _address() -> str:
    """The owner's connection address, as the programs take it."""
    one = {name: str(value) for name, value in settings.DATABASES["default"].items()}
    host = quote(one["HOST"], safe="")
    return f"postgresql://{quote(one['USER'])}@/{one['NAME']}?host={host}" + (
        f"&port={one['PORT']}" if one["PORT"] else ""
    )


def _run(program: str, *words: str) -> None:
    environment = {**os.environ, "PGPASSWORD": str(settings.DATABASES["default"]["PASSWORD"])}
    done = subprocess.run(
        [_program(program), *words], capture_output=True, text=True, env=environment
    )
    if done.returncode:
        raise Invalid("backup.failed", program=program, words=done.stderr.strip()[-800:])


def _applied() -> list[list[str]]:
    return sorted(map(list, MigrationRecorder(connection).applied_migrations()))


def backup(file: Path) -> Mapping[str, Any]:
    """Write `file` whole or not at all; what its manifest says."""
    audit.seal()
    manifest = {"version": __version__, "migrations": _applied()}
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
    """Replace the database and the uploads by a backup's, all or nothing."""
    from pooshesh.kernel.schema import migrate

    try:
        tar = tarfile.open(file)  # noqa: SIM115 - closed by the block below
        manifest = json.load(tar.extractfile(MANIFEST) or _none())
    except (tarfile.TarError, KeyError, ValueError, OSError) as error:
        raise Invalid("backup.not_one", file=file.name) from error
    if _number(manifest["version"]) > _number(__version__):
        raise Invalid("backup.newer", file=file.name, theirs=manifest["version"], ours=__version__)
    with tar, tempfile.TemporaryDirectory(dir=config().home) as folder:
        _unpack(tar, Path(folder))
        connection.close()
        _run(
            "pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner",
            "--no-acl", f"--dbname={_address()}", str(Path(folder) / DATABASE),
        )  # fmt: skip
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
