"""Starts Debian's Chromium, never a downloaded one, and reads axe-core's findings."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first spends two fifths of the processor time of the whole browsers."""
EXECUTABLE = next(filter(None, map(shutil.which, _PROGRAMS)), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # pages one after another find scripts compiled: a quarter of the time
]
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "static" / "build" / "app.css"
FRAMEWORK = ROOT / "node_modules" / "@tabler" / "core" / "dist" / "css" / "tabler.min.css"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# What passes is neither gathered nor handed over: that took four fifths of the time.
_JUDGE = """tags => axe.run(document, {
  runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']
}).then(found => found.violations)"""
_CLASSES = "[...new Set([...document.querySelectorAll('[class]')].flatMap(e => [...e.classList]))]"
LOCALES = {"lt": "lt-LT", "en": "en-GB"}


def what_is_missing() -> str:
    """What must be installed before a browser can be driven; empty when nothing."""
    if not EXECUTABLE:
        return "Chromium is missing: apt-get install chromium-headless-shell"
    if not AXE.exists():
        return "axe-core is missing: npm ci"
    return "" if BUILT.exists() else "the front end is not built: npm run build"


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium for as long as the block lasts; nobody has opened anything in it yet."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=EXECUTABLE, headless=True, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def browsing(
    browser: Browser, *, language: str = "lt", size: dict[str, int] = DESK
) -> Iterator[BrowserContext]:
    """A person's browser with one tab: it shares no cookie and no store with any other.

    A context costs a tenth of what a Chromium of its own does.
    """
    context = browser.new_context(
        locale=LOCALES[language],
        timezone_id="Europe/Vilnius",
        viewport={"width": size["width"], "height": size["height"]},
        reduced_motion="reduce",
    )
    context.new_page()
    try:
        yield context
    finally:
        context.close()


def violations(page: Page) -> list[str]:
    """Every WCAG 2.2 AA violation axe-core finds on the page, one readable paragraph each.

    Also every class the page wears whose rules the build has left out of the style sheet.
    """
    # A page that is still coming has elements without their text.
    page.wait_for_load_state("domcontentloaded")
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(_JUDGE, AXE_TAGS)
    bare = _left_out() & set(page.evaluate(_CLASSES))
    return [_readable(violation) for violation in found] + [
        f"app.css has no rule of the class {name}, for frontend/build.mjs found it named nowhere"
        for name in sorted(bare)
    ]


@cache
def _left_out() -> frozenset[str]:
    """Classes of the framework that are not in the style sheet we built."""
    whole, built = (
        frozenset(re.findall(r"\.([a-z][\w-]*)", sheet.read_text(encoding="utf-8")))
        for sheet in (FRAMEWORK, BUILT)
    )
    return whole - built


def _readable(violation: dict[str, Any]) -> str:
    nodes = "\n".join(
        f"    {' '.join(map(str, node['target']))}\n      {node['html'][:200]}\n      "
        + "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])
        for node in violation["nodes"][:5]
    )
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n{nodes}"
