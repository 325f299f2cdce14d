"""Every example of docs/api.md runs against the live house, in the order of the page."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from demo.mandates import ACCOUNTANT
from demo.people import companies
from tests.running.house import ROOT, House
from tests.running.registers import company_register, last_ended_month

pytestmark = pytest.mark.slow

_BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(not shutil.which("curl"), reason="the guide speaks curl")
def test_every_example_of_the_guide_works(house: House, tmp_path: Path) -> None:
    guide = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    blocks = _BLOCK.findall(guide.replace("2026-10", last_ended_month().code))
    client = companies()[2]
    (tmp_path / "register.xml").write_bytes(company_register(2))
    rights = (
        "isaf.view,isaf.upload,isaf.submit,isaf.crosscheck,isaf.returns,mailbox.view,"
        "ivaz.view,ivaz.submit"
    )
    key = house.manage(
        *("issue_key", "--login", ACCOUNTANT.name),
        *("--taxpayer", client.code, "--rights", rights),
    ).split()[-1]

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=tmp_path,
        env={**os.environ, "IMAS": house.url, "KEY": key, "TAXPAYER": client.code},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert len(blocks) > 8
    assert json.loads((tmp_path / "file.json").read_text())["state"] == "ACCEPTED"
