"""Where Pooshesh lives and which settings it reads from the environment."""

import contextlib
import os
import secrets
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

PROJECT = Path(__file__).resolve().parents[3]

#: Every environment variable the product reads, with what it is for. The docs test holds
#: docs/en/settings.md and docs/fa/settings.md to this table.
SETTINGS: dict[str, str] = {
    "POOSHESH_HOME": "Folder for the database, secrets, uploads and logs (default: var/).",
    "POOSHESH_MODE": "demo (default) or production; production refuses demo secrets and accounts.",
    "POOSHESH_DATABASE_URL": "postgresql://… of any PostgreSQL ≥ 15 instead of the embedded one.",
    "POOSHESH_DATABASE_OWNER_URL": "The role that owns the tables and migrates them.",
    "POOSHESH_SECRET_KEY": "Signs sessions; required in production, at least 50 characters.",
    "POOSHESH_DATA_KEY": "Encrypts identifiers; kept outside backups. N:key[,N:key], newest first.",
    "POOSHESH_ALLOWED_HOSTS": "Comma-separated host names the server answers to.",
    "POOSHESH_EMAIL_URL": "smtp://user:password@host:port for password resets (default: files).",
    "POOSHESH_SCANNER": "A command that is given each uploaded document; not 0 refuses it.",
    "POOSHESH_LANGUAGE": "Language of the commands: en (default) or fa.",
}


@dataclass(frozen=True)
class Config:
    """The product's own settings, read once from the environment."""

    home: Path
    production: bool
    database_url: str | None
    owner_url: str | None
    allowed_hosts: tuple[str, ...]
    email_url: str | None
    scanner: str

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    def scratch(self) -> Path:
        """The folder, ours alone, of files that live no longer than what they are made for.

        Not the machine's /tmp: what is unpacked or uploaded names people.
        """
        folder = self.home / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        return folder

    def sweep(self, age: float = 3600) -> int:
        """Delete what killed processes left in the scratch folder, `age` seconds old; how many."""
        gone = 0
        for path in self.scratch().iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime < time.time() - age:
                    path.unlink()
                    gone += 1
        return gone

    def secret(self, name: str, make: int = 48) -> str:
        """A secret from the environment, else one made on first use and kept in `home/secrets`.

        Production never makes its own session or data key: losing the folder would lose them.
        """
        variable = f"POOSHESH_{name.upper()}"
        if value := os.environ.get(variable):
            if self.production and self._is_of_the_demo(name, value):
                raise SystemExit(f"pooshesh: {variable} is the demo's; make a new one")
            return value
        if self.production and variable in SETTINGS:
            raise SystemExit(f"pooshesh: production needs {variable} to be set")
        return kept_secret(self.secrets / name, make)

    def _is_of_the_demo(self, name: str, value: str) -> bool:
        """Whether a secret, or one of a ring of data keys, is that which the demo made here."""
        kept = self.secrets / name
        given = {value, *(part.strip().rpartition(":")[2] for part in value.split(","))}
        return kept.exists() and kept.read_text().strip() in given


def kept_secret(path: Path, length: int) -> str:
    """Read the secret in `path`, making it (mode 0600) when two starts race or none exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written beside and linked: a start that races with ours never reads half a secret.
        beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(length))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(beside)
        beside.unlink()
    return path.read_text().strip()


def database_settings(url: str) -> dict[str, Any]:
    """Django's connection settings for a `postgresql://` address, read as PostgreSQL reads it.

    What Django has no place for, such as `sslmode` and `sslrootcert`, stands in OPTIONS.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise SystemExit("pooshesh: the database must be a postgresql:// address")
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise SystemExit(f"pooshesh: the database's address cannot be read: {error}") from None
    return {
        "NAME": parts.pop("dbname", "pooshesh"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": {"application_name": "pooshesh", **parts},
    }


@cache
def config() -> Config:
    """The settings of this process."""
    env = os.environ
    mode = env.get("POOSHESH_MODE", "demo")
    if mode not in ("demo", "production"):
        raise SystemExit(f"pooshesh: POOSHESH_MODE is demo or production, not {mode!r}")
    url = env.get("POOSHESH_DATABASE_URL") or None
    hosts = env.get("POOSHESH_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    return Config(
        home=Path(env.get("POOSHESH_HOME") or PROJECT / "var").resolve(),
        production=mode == "production",
        database_url=url,
        owner_url=env.get("POOSHESH_DATABASE_OWNER_URL") or url,
        allowed_hosts=tuple(h.strip() for h in hosts.split(",") if h.strip()),
        email_url=env.get("POOSHESH_EMAIL_URL") or None,
        scanner=env.get("POOSHESH_SCANNER", ""),
    )
