"""`make run` shows single sign-on: Mano VMI, EDS and AIS are there and share one session."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import requests

from imas import embedded
from imas.embedded.notes import recall
from tests.running.house import ROOT, wait_until
from tests.running.test_endings import answers, make_run, processes_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not embedded.available(), reason="the wheels are not installed"),
]
LOGIN = "tomas.ziuretojas"
_FIRST_START = 600
"""A database is made and migrated; beside other tests that takes minutes."""
PRINTED = re.compile(r"Demonstration (.+) shares the sign-in: (\S+)")


@pytest.fixture
def systems(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Yield the addresses a run has printed, one month of the demo economy loaded."""
    var = tmp_path / "var"
    var.mkdir()
    (var / "demo.loaded").touch()
    os.environ["SWEEP_SECONDS"] = "2"
    with make_run(var) as (make, url):
        try:
            wait_until(lambda: answers(url), seconds=_FIRST_START)
            _load_demo(var)
            yield dict(PRINTED.findall((var / "make.log").read_text()))
        finally:
            del os.environ["SWEEP_SECONDS"]
            make.terminate()
            wait_until(lambda: not processes_of(var))
            shutil.rmtree(recall(var).home, ignore_errors=True)


def _load_demo(var: Path) -> None:
    """Load into the running house, with the settings its processes were given."""
    web = next(one for one in processes_of(var) if "gunicorn" in " ".join(one.cmdline()))
    command = [sys.executable, "manage.py", "load_demo", "--months", "1"]
    done = subprocess.run(command, cwd=ROOT, env=web.environ(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def _sign_in(browser: requests.Session, at: str, password: str) -> str:
    """Begin at a system, give name and password at i.MAS, and return the page one is led to."""
    form = browser.get(f"{at}/login")
    assert "/sign-in/" in form.url
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
    wanted = re.search(r'name="next" value="([^"]+)"', form.text)
    assert token
    assert wanted
    given = {"username": LOGIN, "password": password, "csrfmiddlewaretoken": token[1]}
    passed_on = browser.post(form.url, {**given, "next": unescape(wanted[1])})
    return passed_on.text


def test_one_sign_in_opens_all_and_one_sign_out_ends_all(
    systems: dict[str, str], tmp_path: Path
) -> None:
    assert list(systems) == ["Mano VMI", "EDS", "AIS"]
    browser = requests.Session()
    password = (tmp_path / "var" / "demo.txt").read_text().split()[1]
    _sign_in(browser, systems["Mano VMI"], password)
    for name in ("Mano VMI", "EDS"):
        page = browser.get(f"{systems[name]}/login").text
        assert "Tomas Žiūrėtojas" in page
        assert "PARODOMOJI SISTEMA" in page
    # The demo gave roles; the worker tells AIS of them.
    ais = systems["AIS"]
    wait_until(lambda: "<li>declarations</li>" in browser.get(f"{ais}/login").text)
    browser.get(f"{ais}/logout")
    wait_until(lambda: all("Neprisijungta" in browser.get(at).text for at in systems.values()))
