"""What make setup and make test bring along where the machine has it not."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from imas.local import front

ROOT = Path(__file__).resolve().parents[2]
GET_CHROMIUM = ROOT / "tests" / "browser" / "get-chromium"
WARNING = "BROWSER TESTS DO NOT RUN"


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs that is all a machine has."""
    (tmp_path / "bash").symlink_to(str(shutil.which("bash")))
    (tmp_path / "env").symlink_to(str(shutil.which("env")))
    return tmp_path


def got(machine: Path, user: int) -> str:
    program(machine, "id", f"echo {user}")
    done = subprocess.run(
        [GET_CHROMIUM], env={"PATH": str(machine)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    return done.stderr


def test_node_comes_from_the_wheel_where_the_machine_has_none(
    monkeypatch: pytest.MonkeyPatch, machine: Path
) -> None:
    monkeypatch.setenv("PATH", str(machine))
    assert front._machine_node() is None
    node, npm = front._wheel_node()
    environment = {**os.environ, "PATH": f"{Path(node).parent}:{machine}"}
    for command in ([node], npm):
        version = subprocess.check_output([*command, "--version"], env=environment, text=True)
        assert int(version.lstrip("v").partition(".")[0]) >= 8
    assert int(subprocess.check_output([node, "--version"])[1:3]) >= front.LEAST_NODE


@pytest.mark.parametrize("version", ["v18.20.4", "nonsense", ""])
def test_an_old_node_is_passed_over(
    version: str, monkeypatch: pytest.MonkeyPatch, machine: Path
) -> None:
    program(machine, "node", f"echo {version}")
    program(machine, "npm", "true")
    monkeypatch.setenv("PATH", str(machine))
    assert front._machine_node() is None


@pytest.mark.parametrize("name", ["chromium-headless-shell", "chromium", "chromium-browser"])
def test_a_chromium_that_is_there_is_enough(name: str, machine: Path) -> None:
    program(machine, name, "true")
    program(machine, "apt-get", "echo called >&2")
    assert got(machine, user=0) == ""


@pytest.mark.parametrize("name", ["chromium-headless-shell", "chromium"])
def test_root_gets_chromium_from_debian(name: str, machine: Path) -> None:
    """An older Debian knows the whole browser alone."""
    made = f'[[ $* != *"install"* ]] || {{ [[ $* == *" {name}" ]] && echo > {machine}/{name}'
    program(machine, "apt-get", f"{made} && {shutil.which('chmod')} +x {machine}/{name}; }}")
    assert got(machine, user=0) == ""
    assert (machine / name).exists()


@pytest.mark.parametrize(("user", "apt"), [(0, "exit 100"), (0, ""), (1000, "echo called >&2")])
def test_without_chromium_the_suite_says_so_loudly(user: int, apt: str, machine: Path) -> None:
    if apt:
        program(machine, "apt-get", apt)
    told = got(machine, user)
    assert WARNING in told
    assert "called" not in told
