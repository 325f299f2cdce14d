from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.urls import NoReverseMatch

from imas.web import sidebar
from imas.web.sidebar import Group, SidebarEntry


@dataclass(frozen=True)
class Mandate:
    rights: frozenset[str]

    def may(self, right: str) -> bool:
        return right in self.rights


ENTRIES = (
    SidebarEntry(
        label="i.SAF",
        icon="file-invoice",
        url_name="isaf",
        right="isaf.view",
        order=10,
        children=(
            SidebarEntry(label="Registers", icon="", url_name="isaf"),
            SidebarEntry(label="Upload", icon="", url_name="up", right="isaf.upload"),
        ),
    ),
    SidebarEntry(label="Keys", icon="plug", url_name="keys", group=Group.ACCOUNT, for_person=True),
    SidebarEntry(label="Later", icon="x", url_name="nowhere"),
)
ADDRESSES = {"isaf": "/isaf/", "up": "/isaf/upload", "keys": "/keys/"}


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    config = apps.get_app_config("web")
    monkeypatch.setattr(apps, "get_app_configs", lambda: [config])
    monkeypatch.setattr(config, "sidebar", ENTRIES, raising=False)
    monkeypatch.setattr(sidebar, "reverse", _reverse)


def _reverse(name: str) -> str:
    if name not in ADDRESSES:
        raise NoReverseMatch
    return ADDRESSES[name]


def labels(links: Any) -> list[str]:
    return [str(link.entry.label) for link in links]


def test_an_entry_without_the_right_is_not_shown() -> None:
    side = sidebar.sidebar(Mandate(frozenset()), "/")
    assert labels(side.subsystems) == []
    assert labels(side.account) == ["Keys"]


def test_a_child_without_the_right_is_not_shown() -> None:
    (isaf,) = sidebar.sidebar(Mandate(frozenset({"isaf.view"})), "/").subsystems
    assert labels(isaf.children) == ["Registers"]


def test_before_a_taxpayer_is_chosen_only_a_persons_own_entries_are_shown() -> None:
    side = sidebar.sidebar(None, "/")
    assert labels(side.subsystems) == []
    assert labels(side.account) == ["Keys"]


def test_of_the_entries_a_page_lies_under_the_nearest_is_current() -> None:
    everything = Mandate(frozenset({"isaf.view", "isaf.upload"}))
    side = sidebar.sidebar(everything, "/isaf/upload")
    (isaf,) = side.subsystems
    assert isaf.is_current
    assert [str(child.entry.label) for child in isaf.children if child.is_current] == ["Upload"]
    assert not side.account[0].is_current


def test_an_entry_of_a_duty_is_shown_to_whoever_has_it_and_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = SidebarEntry(label="Road", icon="", url_name="keys", duty="roadside")
    monkeypatch.setattr(apps.get_app_config("web"), "sidebar", entry)
    everything = Mandate(frozenset({"isaf.view"}))
    assert labels(sidebar.sidebar(None, "/", duties={"roadside"}).subsystems) == ["Road"]
    assert labels(sidebar.sidebar(everything, "/", duties={"roadside"}).subsystems) == ["Road"]
    assert not sidebar.sidebar(everything, "/", is_staff=True, duties={"other"}).subsystems


def test_an_address_that_does_not_exist_is_not_shown() -> None:
    side = sidebar.sidebar(Mandate(frozenset({"isaf.view"})), "/")
    assert "Later" not in labels(side.subsystems)
