"""What subsystems put on the start page: tasks with deadlines, cards, and what clients owe."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class Task:
    """Something the represented taxpayer must do by a day (the last one on which it is in time)."""

    deadline: date
    title: str
    text: str
    url: str
    link: str


@dataclass(frozen=True)
class HomeCard:
    """A card of the start page; its template gets `context` and nothing else."""

    title: "_StrOrPromise"
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100
    is_wide: bool = False
    url: str = ""
    link: "_StrOrPromise" = ""


@dataclass(frozen=True)
class Due:
    """What a client owes next: `state` chooses the tone ("done": nothing more), `word` says it."""

    deadline: date
    title: str
    state: str
    word: str
    url: str

    @property
    def is_done(self) -> bool:
        """Tell whether nothing is left to do before the deadline."""
        return self.state == "done"


# The argument is the subsystems' own `Acting`, which this floor does not know.
TaskSource = Callable[[Any], Iterable[Task]]
CardSource = Callable[[Any], HomeCard | None]
PersonCardSource = Callable[[Any], HomeCard | None]
DueSource = Callable[[Sequence[int]], Mapping[int, Due]]

_task_sources: list[TaskSource] = []
_card_sources: list[CardSource] = []
_person_card_sources: list[PersonCardSource] = []
_due_sources: list[DueSource] = []


def register_tasks(source: TaskSource) -> None:
    """Let a subsystem add tasks; called once, when the subsystem starts."""
    _task_sources.append(source)


def register_card(source: CardSource) -> None:
    """Let a subsystem add a card; None means that the mandate shows nothing there."""
    _card_sources.append(source)


def register_person_card(source: PersonCardSource) -> None:
    """Let a subsystem add a card for a person, whoever is acted for, or nobody; by the user."""
    _person_card_sources.append(source)


def register_dues(source: DueSource) -> None:
    """Let a subsystem say what each of many taxpayers, given by id, owes next: in few queries."""
    _due_sources.append(source)


def tasks(acting: Any) -> list[Task]:
    """Return what the represented taxpayer must do, the nearest deadline first."""
    found = (task for source in _task_sources for task in source(acting))
    return sorted(found, key=lambda task: task.deadline)


def cards(acting: Any) -> list[HomeCard]:
    """Return the cards this mandate sees, in their order."""
    found = [card for source in _card_sources if (card := source(acting)) is not None]
    return sorted(found, key=lambda card: card.order)


def person_cards(user: Any) -> list[HomeCard]:
    """Return the cards of a person, in their order; they stand on whichever page comes first."""
    found = [card for source in _person_card_sources if (card := source(user)) is not None]
    return sorted(found, key=lambda card: card.order)


def dues(taxpayer_ids: Sequence[int]) -> dict[int, list[Due]]:
    """Return by taxpayer what is owed next, the nearest deadline first."""
    owed: dict[int, list[Due]] = {taxpayer_id: [] for taxpayer_id in taxpayer_ids}
    for source in _due_sources:
        for taxpayer_id, due in source(taxpayer_ids).items():
            owed[taxpayer_id].append(due)
    return {pk: sorted(found, key=lambda due: due.deadline) for pk, found in owed.items()}
