"""Which entries of the sidebar a person sees: what the mandate does not allow is not shown."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Group(StrEnum):
    """The two halves of the sidebar."""

    SUBSYSTEM = "subsystem"
    ACCOUNT = "account"


class Mandate(Protocol):
    """What the sidebar asks of the represented taxpayer's mandate."""

    def may(self, right: str) -> bool:
        """Tell whether the person holds the right."""
        ...


@dataclass(frozen=True)
class SidebarEntry:
    """One address in the sidebar, declared by an AppConfig as its attribute `sidebar`.

    `for_staff` shows the entry to officers of the authority and nobody else, `duty` to whoever has
    that duty of an institution, whether or not a taxpayer is chosen.
    `setting` hides the entry where the setting of that name is empty.
    `right` hides the entry from a mandate without it; `for_person` shows it even when no
    taxpayer is chosen; `shows_unread` puts the number of unread messages beside it.
    """

    label: "_StrOrPromise"
    icon: str
    url_name: str
    right: str = ""
    order: int = 100
    children: Sequence["SidebarEntry"] = ()
    hint: "_StrOrPromise" = ""
    group: Group = Group.SUBSYSTEM
    for_person: bool = False
    for_staff: bool = False
    shows_unread: bool = False
    setting: str = ""
    duty: str = ""

    def visible_to(
        self,
        acting: Mandate | None,
        *,
        is_staff: bool = False,
        duties: Collection[str] = (),
    ) -> bool:
        """Tell whether this mandate, or a person who has chosen nobody yet, sees the entry."""
        if self.setting and not getattr(settings, self.setting):
            return False
        if self.for_staff:
            return is_staff
        if self.duty:
            return self.duty in duties
        if acting is None:
            return self.for_person
        return not self.right or acting.may(self.right)


@dataclass(frozen=True)
class Link:
    """An entry ready to be drawn."""

    entry: SidebarEntry
    url: str
    is_current: bool
    children: tuple["Link", ...] = field(default=())


@dataclass(frozen=True)
class Sidebar:
    """Everything the frame draws at the side, or at the bottom of a phone."""

    subsystems: tuple[Link, ...]
    account: tuple[Link, ...]


def sidebar(
    acting: Mandate | None,
    path: str,
    *,
    is_staff: bool = False,
    duties: Collection[str] = (),
) -> Sidebar:
    """Return the links this mandate sees; the one that `path` lies under is current."""
    declared = sorted(_declared(), key=lambda entry: entry.order)
    entries = [
        entry for entry in declared if entry.visible_to(acting, is_staff=is_staff, duties=duties)
    ]
    links = tuple(_links(entries, acting, path))
    return Sidebar(
        subsystems=tuple(link for link in links if link.entry.group is Group.SUBSYSTEM),
        account=tuple(link for link in links if link.entry.group is Group.ACCOUNT),
    )


def _declared() -> Iterator[SidebarEntry]:
    for config in apps.get_app_configs():
        declared = getattr(config, "sidebar", ())
        yield from (declared,) if isinstance(declared, SidebarEntry) else declared


def _links(entries: Sequence[SidebarEntry], acting: Mandate | None, path: str) -> Iterator[Link]:
    shown = [(entry, url) for entry in entries if (url := _address(entry))]
    # Of two entries the page lies under, the longer address is the nearer one.
    nearest = max((url for _, url in shown if _lies_under(path, url)), key=len, default="")
    for entry, url in shown:
        yield Link(
            entry, url, url == nearest, tuple(_links(_children(entry, acting), acting, path))
        )


def _children(entry: SidebarEntry, acting: Mandate | None) -> list[SidebarEntry]:
    return [child for child in entry.children if child.visible_to(acting)]


def _address(entry: SidebarEntry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _lies_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
