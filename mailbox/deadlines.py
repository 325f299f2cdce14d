"""The deadlines of every subsystem: each registers a source when it starts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from django.urls import reverse

from mailbox.words import Words, words_of


@dataclass(frozen=True)
class Deadline:
    """Something a taxpayer must do by a day, the last one on which it is in time.

    `key` names it among all deadlines of the taxpayer and never changes. `code` has words
    (`mailbox.words`) that `params` fill in. Who lacks the `right` does not see it; `url_name` and
    `url_args` are the page where it is done.
    """

    subsystem: str
    key: str
    day: date
    code: str
    right: str
    is_done: bool
    url_name: str
    params: Mapping[str, str] = field(default_factory=dict)
    url_args: Sequence[str] = ()

    @property
    def words(self) -> Words:
        """What is to be done, in the active language."""
        return words_of(self.code, self.params)

    @property
    def url(self) -> str:
        """The page where it is done."""
        return reverse(self.url_name, args=self.url_args)


class DeadlineSource(Protocol):
    """Tells the deadlines of many taxpayers on days from … to …, both included, in few queries."""

    def __call__(
        self, taxpayer_ids: Sequence[int], since: date, until: date, /
    ) -> Mapping[int, Iterable[Deadline]]:
        """Return them by taxpayer id; those without deadlines may be left out."""
        ...


_sources: list[DeadlineSource] = []


def register(source: DeadlineSource) -> None:
    """Let a subsystem tell its deadlines; called once, when the subsystem starts."""
    _sources.append(source)


def deadlines_of(
    taxpayer_ids: Sequence[int], since: date, until: date
) -> dict[int, list[Deadline]]:
    """Return the deadlines of each taxpayer on these days, the nearest first."""
    found: dict[int, list[Deadline]] = {taxpayer_id: [] for taxpayer_id in taxpayer_ids}
    for source in _sources:
        for taxpayer_id, deadlines in source(taxpayer_ids, since, until).items():
            found[taxpayer_id].extend(deadlines)
    return {
        taxpayer_id: sorted(deadlines, key=lambda one: (one.day, one.key))
        for taxpayer_id, deadlines in found.items()
    }
