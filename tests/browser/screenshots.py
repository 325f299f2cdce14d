"""Pictures of every page of a running portal, in both languages, at a desk and on a phone.

    python -m tests.browser.screenshots FOLDER [ADDRESS…]
    environment: BASE_URL, LOGIN, PASSWORD, TAXPAYER (a code to act for, optional)

Without addresses it walks the links from the start page, one page of each kind. What axe-core
finds and what overflows a phone is printed; pictures are not part of the repository.
"""

import os
import re
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import chromium

BASE_URL = os.environ.get("BASE_URL", "http://localhost:8000")
PUBLIC = ["/sign-in/", "/no-such-page"]
MOST_PAGES = 60


def main(folder: Path, addresses: list[str]) -> int:
    """Take the pictures; return the number of pages with something wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with chromium.chromium() as chrome:
        for language in chromium.LOCALES:
            for name, size in (("desk", chromium.DESK), ("phone", chromium.PHONE)):
                wrong += _walk(chrome, folder, addresses, (language, name, size))
    return wrong


def _walk(
    chrome: Browser,
    folder: Path,
    addresses: list[str],
    setting: tuple[str, str, dict[str, int]],
) -> int:
    language, name, size = setting
    wrong = 0
    with chromium.browsing(chrome, language=language, size=size) as context:
        context.add_cookies([{"name": "language", "value": language, "url": BASE_URL}])
        page = context.pages[0]
        visitor = [] if addresses else PUBLIC
        for path in visitor:
            wrong += _take(page, path, folder / f"{language}-{name}-{_slug(path)}.png")
        sign_in(page)
        _speak(page, language)
        for path in addresses or _links(context, page):
            wrong += _take(page, path, folder / f"{language}-{name}-{_slug(path)}.png")
    return wrong


def sign_in(page: Page) -> None:
    """Sign in by the form and choose the taxpayer."""
    page.goto(BASE_URL)
    page.locator("main input[type=text], main input[type=email]").first.fill(os.environ["LOGIN"])
    page.locator("main input[type=password]").fill(os.environ["PASSWORD"])
    page.locator("main form:has(input[type=password]) button").first.click()
    page.wait_for_load_state()
    if code := os.environ.get("TAXPAYER"):
        page.goto(f"{BASE_URL}/taxpayers/?q={code}")
        page.locator(f"main button[value='{code}']").first.click()
        page.wait_for_load_state()


def _speak(page: Page, language: str) -> None:
    """Turn the portal into a language: it is kept on the person, whatever the cookie says."""
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"button[name=language][value={language}]").first.click()
        page.wait_for_load_state()


def _take(page: Page, path: str, file: Path) -> int:
    page.goto(urljoin(BASE_URL, path))
    page.wait_for_timeout(300)
    page.screenshot(path=file, full_page=True)
    found = chromium.violations(page)
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if too_wide > 0:
        found.append(f"the page is {too_wide} px wider than the screen")
    lines = [f"{'WRONG' if found else 'ok   '} {file.name} {path}", *found]
    sys.stdout.write("\n  ".join(lines) + "\n")
    return bool(found)


def _links(context: BrowserContext, page: Page) -> list[str]:
    """Addresses reached by links from the start page, one of each kind."""
    kinds: dict[str, str] = {"/": "/"}
    queue = ["/"]
    while queue and len(kinds) < MOST_PAGES:
        page.goto(urljoin(BASE_URL, queue.pop(0)))
        hrefs: list[str] = page.eval_on_selector_all(
            "a[href]:not([download])", "all => all.map(one => one.href)"
        )
        for href in hrefs:
            path = urlsplit(href).path
            if not href.startswith(BASE_URL) or _is_file(path) or _kind(href) in kinds:
                continue
            kinds[_kind(href)] = path
            queue.append(path)
    return list(kinds.values())


def _is_file(path: str) -> bool:
    return bool(re.search(r"\.(xlsx|csv|xml|pdf|gz|zip)$|/(export|download)|^/api/", path))


def _kind(href: str) -> str:
    """The address with what varies taken out: codes, numbers, ids."""
    return re.sub(r"[0-9a-f-]{36}|[^/]*\d[^/]*", "*", urlsplit(href).path)


def _slug(path: str) -> str:
    return re.sub(r"[^\w]+", "-", path).strip("-")[:60] or "home"


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1]), sys.argv[2:]) else 0)
