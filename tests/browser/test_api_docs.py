"""The page about the REST interface works under the same policy as every other page."""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer


def test_the_interface_is_drawn_without_loosening_the_policy(
    page: Page, live_server: LiveServer
) -> None:
    answer = page.goto(f"{live_server.url}/api/v1/docs")
    assert answer
    assert "unsafe" not in answer.headers["content-security-policy"]
    expect(page.get_by_text("/api/v1/isaf/files", exact=False).first).to_be_visible()
