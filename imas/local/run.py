"""`python -m imas.local.run`: the whole house, up until Ctrl-C, nothing left behind."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

from honcho.environ import parse_procfile
from honcho.manager import Manager

from imas import embedded
from imas.embedded import postgres, servers
from imas.embedded.notes import free_port, port_is_free, recall, var_dir
from imas.local import tls
from imas.local.allocator import FRUGAL
from imas.local.bank import keys
from imas.local.guard import MARK, ROOT, end_leftovers, guarded, only_one
from imas.local.systems import setting_up as systems

AS_ROOT = """\
You are root, so the house runs as root and its servers as nobody: code and data may lie where
root alone can read. That is fine for a look; as an ordinary user it needs no privilege at all.
"""


def main() -> int:
    """Start everything in order; stop it in the opposite order whatever happens."""
    var = var_dir()
    if os.environ.get(MARK) != str(var):
        _begin_marked(var)
    _listen()
    try:
        with ExitStack() as stack:
            stack.enter_context(only_one(var))
            stack.enter_context(guarded())
            end_leftovers(var)
            environment = _environment(var)
            if "DATABASE_URL" not in os.environ:
                stack.enter_context(servers.running())
                environment.update(embedded.environment())
            stack.callback(end_leftovers, var)
            _prepare(var, environment)
            _say(var, environment)
            return _serve(environment)
    except KeyboardInterrupt:
        return 0


def _begin_marked(var: Path) -> NoReturn:
    """Begin again as the same process, marked: a fork of it is then known for ours as well."""
    command = [sys.executable, "-m", "imas.local.run"]
    os.execve(sys.executable, command, {**os.environ, MARK: str(var)})  # noqa: S606 - our own


def _listen() -> None:
    """A closed terminal and Ctrl-\\ end the run as Ctrl-C does; nohup keeps its meaning."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _interrupt)
    for name in (signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _environment(var: Path) -> dict[str, str]:
    port = os.environ.get("PORT", "8000")
    if not port_is_free(int(port)):
        raise SystemExit(f"Port {port} is taken: PORT=8001 make run")
    issued, key = tls.certificate(var)
    return {
        **FRUGAL,
        **os.environ,
        "VAR_DIR": str(var),
        "PORT": port,
        "SITE_URL": os.environ.get("SITE_URL", f"http://localhost:{port}"),
        "ALLOWED_HOSTS": os.environ.get(
            "ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{socket.gethostname()}"
        ),
        **_bank(var),
        **_phones(),
        **_systems(var, int(port)),
        **_fallback(var, int(port)),
        "TLS_PORT": os.environ.get("TLS_PORT") or _tls_port(int(port)),
        "TLS_CERTIFICATE": str(issued),
        "TLS_KEY": str(key),
        "EMAIL_PORT": os.environ.get("EMAIL_PORT", str(free_port())),
        "DEMO": "true",
        "PROMETHEUS_MULTIPROC_DIR": str(_metrics_dir(var)),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": _warnings(),
    }


def _bank(var: Path) -> dict[str, str]:
    """Set up the pretended bank, unless other providers are told of."""
    port, folder = os.environ.get("BANK_PORT", str(free_port())), var / "bank"
    keys.prepare(folder)
    if {"IDENTITY_PROVIDERS", "IDENTITY_PROVIDERS_FILE"} & os.environ.keys():
        return {"BANK_PORT": port}
    described = keys.described(f"http://localhost:{port}", folder)
    return {"BANK_PORT": port, "IDENTITY_PROVIDERS": described}


def _systems(var: Path, port: int) -> dict[str, str]:
    """Set up the pretended Mano VMI, EDS and AIS, unless other systems are told of."""
    given = os.environ.get("SYSTEMS_PORTS")
    ports = given.split() if given else [str(_beside(port, 100 + n)) for n in range(3)]
    told: dict[str, str] = {"SYSTEMS_PORTS": " ".join(ports)}
    if not {"SSO_SIGNING_KEYS", "SSO_SIGNING_KEYS_FILE"} & os.environ.keys():
        told["SSO_SIGNING_KEYS"] = str(systems.signing_key(var / "sso"))
    if not {"WAYBILL_SIGNING_KEYS", "WAYBILL_SIGNING_KEYS_FILE"} & os.environ.keys():
        told["WAYBILL_SIGNING_KEYS"] = str(systems.waybill_key(var / "sso"))
    if not {"OTHER_SYSTEMS", "OTHER_SYSTEMS_FILE"} & os.environ.keys():
        told["OTHER_SYSTEMS"] = systems.other_systems(systems.urls_at(ports))
    return told


def _fallback(var: Path, port: int) -> dict[str, str]:
    """Set up the desk of a.VAZ: a process and a file of its own, and what both sides share."""
    own = os.environ.get("AVAZ_PORT") or str(_beside(port, 110))
    url = f"http://localhost:{own}"
    return {
        "AVAZ_PORT": own,
        "AVAZ_URL": os.environ.get("AVAZ_URL", url),
        "AVAZ_DESK_URL": os.environ.get("AVAZ_DESK_URL", url),
        "AVAZ_DATABASE": os.environ.get("AVAZ_DATABASE", str(var / "avaz" / "avaz.sqlite3")),
        "AVAZ_SECRET_KEY": _kept(var / "avaz" / "secret"),
        "AVAZ_LINK_SECRET": _kept(var / "avaz" / "link"),
        "AVAZ_SMS_KEY": _kept(var / "avaz" / "sms"),
    }


def _kept(path: Path) -> str:
    """Return a secret that is made once and read by us alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _beside(port: int, distance: int) -> int:
    """Return a port so far from ours, always the same while it is free."""
    usual = port + distance
    return usual if port_is_free(usual) else free_port()


def _phones() -> dict[str, str]:
    """Let short messages come to a catcher of ours, unless a gateway is told of."""
    port = os.environ.get("SMS_PORT", str(free_port()))
    if {"SMS_GATEWAY_URL", "SMS_GATEWAY_URL_FILE"} & os.environ.keys():
        return {"SMS_PORT": port, "SMS_GATEWAY_TOKEN": os.environ.get("SMS_GATEWAY_TOKEN", "")}
    return {
        "SMS_PORT": port,
        "SMS_GATEWAY_URL": f"http://localhost:{port}/messages",
        "SMS_GATEWAY_TOKEN": secrets.token_urlsafe(24),
    }


def _warnings() -> str:
    """What root is told, `_say` says in our words; Celery's own would repeat it in a fright."""
    told = "ignore:You're running the worker with superuser privileges:Warning"
    return ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), told)))


def _tls_port(port: int) -> str:
    """Where programs with certificates are served: 8443 beside 8000, another where it is taken."""
    return str(_beside(port, 443))


def _metrics_dir(var: Path) -> Path:
    """Where the web processes add up their counts; those of an earlier run are of no use."""
    folder = var / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _prepare(var: Path, environment: dict[str, str]) -> None:
    """Bring the database up to the code and, the first time, fill it with the demo economy.

    A first start that was broken off left half an economy: the embedded database begins anew.
    """
    if (var / "demo.loading").exists() and "DATABASE_URL" not in os.environ:
        postgres.renew(recall(var))
    house = [sys.executable, "manage.py", "prepare_run", *environment["SYSTEMS_PORTS"].split()]
    _run(environment, house)
    desk = [sys.executable, "-m", "imas.fallback.manage", "migrate", "--verbosity", "0"]
    _run(environment, desk)


def _run(environment: dict[str, str], command: list[str]) -> None:
    child = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own command
    try:
        failed = child.wait()
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise
    if failed:
        raise SystemExit(f"{' '.join(command[1:])} failed")


def _say(var: Path, environment: dict[str, str]) -> None:
    logins = var / "demo.txt"
    sys.stdout.write(f"\ni.MAS is at {environment['SITE_URL']}\n")
    sys.stdout.write(logins.read_text() if logins.exists() else "")
    sys.stdout.write(f"Programs with certificates: https://localhost:{environment['TLS_PORT']}\n")
    urls = systems.urls_at(environment["SYSTEMS_PORTS"].split())
    for one in systems.SYSTEMS:
        sys.stdout.write(f"Demonstration {one.name_en} shares the sign-in: {urls[one.key]}\n")
    sys.stdout.write(f"a.VAZ, the fallback for waybills, stands apart: {environment['AVAZ_URL']}\n")
    sys.stdout.write(f"Mail arrives in {var / 'mail'}, messages to phones in {var / 'sms'}.\n")
    sys.stdout.write("Ctrl-C stops everything.\n")
    sys.stdout.write(AS_ROOT if os.geteuid() == 0 else "")
    sys.stdout.write("\n")
    sys.stdout.flush()


def _serve(environment: dict[str, str]) -> int:
    manager = Manager()
    processes = parse_procfile((ROOT / "Procfile").read_text()).processes
    for name, command in processes.items():
        manager.add_process(name, command, env=environment, cwd=str(ROOT))
    manager.loop()
    code = int(manager.returncode or 0)
    return 0 if code - 128 in (signal.SIGINT, signal.SIGTERM) else code


if __name__ == "__main__":
    sys.exit(main())
