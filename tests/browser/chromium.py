"""Starts Debian's Chromium, never a downloaded one, and reads axe-core's findings."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "static" / "build" / "app.css"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LOCALES = {"lt": "lt-LT", "en": "en-GB"}


def what_is_missing() -> str:
    """What must be installed before a browser can be driven; empty when nothing."""
    if not EXECUTABLE:
        return "Chromium is missing: apt-get install chromium"
    if not AXE.exists():
        return "axe-core is missing: npm ci"
    return "" if BUILT.exists() else "the front end is not built: npm run build"


@contextlib.contextmanager
def playwright() -> Iterator[Playwright]:
    """Playwright's driver for as long as the block lasts."""
    with sync_playwright() as driver:
        yield driver


@contextlib.contextmanager
def browsing(
    driver: Playwright, folder: Path, *, language: str = "lt", size: dict[str, int] = DESK
) -> Iterator[BrowserContext]:
    """A fresh Chromium whose profile lies in `folder`."""
    context = driver.chromium.launch_persistent_context(
        str(folder),
        executable_path=EXECUTABLE,
        headless=True,
        args=FLAGS,
        locale=LOCALES[language],
        timezone_id="Europe/Vilnius",
        viewport={"width": size["width"], "height": size["height"]},
        reduced_motion="reduce",
    )
    context.add_init_script(path=AXE)
    try:
        yield context
    finally:
        context.close()


def violations(page: Page) -> list[str]:
    """Every WCAG 2.2 AA violation axe-core finds on the page, one readable paragraph each."""
    # A page that is still coming has elements without their text.
    page.wait_for_load_state("domcontentloaded")
    run = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})"
    found: list[dict[str, Any]] = page.evaluate(run, AXE_TAGS)["violations"]
    return [_readable(violation) for violation in found]


def _readable(violation: dict[str, Any]) -> str:
    nodes = "\n".join(
        f"    {' '.join(map(str, node['target']))}\n      {node['html'][:200]}\n      "
        + "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])
        for node in violation["nodes"][:5]
    )
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n{nodes}"
