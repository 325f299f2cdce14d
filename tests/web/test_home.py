from datetime import date

import pytest

from imas.web import home


@pytest.fixture(autouse=True)
def _no_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_task_sources", "_card_sources", "_person_card_sources", "_due_sources"):
        monkeypatch.setattr(home, name, [])


def _task(day: int) -> home.Task:
    return home.Task(date(2026, 11, day), "title", "text", "/", "link")


def _due(day: int) -> home.Due:
    return home.Due(date(2026, 11, day), "title", "preparing", "word", "/")


def test_the_nearest_deadline_comes_first() -> None:
    home.register_tasks(lambda acting: [_task(25)])
    home.register_tasks(lambda acting: [_task(20)])
    assert [task.deadline.day for task in home.tasks(None)] == [20, 25]


def test_a_card_the_mandate_does_not_show_is_left_out() -> None:
    home.register_card(lambda acting: home.HomeCard("second", "x.html", order=2))
    home.register_card(lambda acting: None)
    home.register_card(lambda acting: home.HomeCard("first", "x.html", order=1))
    assert [card.title for card in home.cards(None)] == ["first", "second"]


def test_cards_of_a_person_are_asked_of_the_person() -> None:
    asked: list[object] = []
    home.register_person_card(asked.append)
    home.register_person_card(lambda user: home.HomeCard("only", "x.html"))
    assert [card.title for card in home.person_cards("Ona")] == ["only"]
    assert asked == ["Ona"]
    assert home.cards(None) == []


def test_every_client_has_a_row_even_when_it_owes_nothing() -> None:
    home.register_dues(lambda ids: {1: _due(25)})
    home.register_dues(lambda ids: {1: _due(20)})
    owed = home.dues([1, 2])
    assert [due.deadline.day for due in owed[1]] == [20, 25]
    assert owed[2] == []
