import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from representation.models import Taxpayer
from tests.mailbox.make import make_message
from tests.make import PASSWORD, make_api_key, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


@pytest.fixture
def head(taxpayer: Taxpayer) -> Client:
    make_headship(make_user("vadovas"), taxpayer)
    client = Client()
    client.post("/sign-in/", {"username": "vadovas", "password": PASSWORD})
    return client


def test_a_message_is_listed_opened_put_away_and_brought_back(
    head: Client, taxpayer: Taxpayer
) -> None:
    message = make_message(taxpayer, number="S-77")
    listed = head.get("/mailbox/")
    assert "Register S-77 has come" in listed.content.decode()
    assert listed.context["unread_messages"]() == 1
    page = head.get(f"/mailbox/{message.pk}/")
    assert "Look at the register S-77." in page.content.decode()
    assert 'href="/journal/"' in page.content.decode()
    assert head.get("/").context["unread_messages"]() == 0
    head.post(f"/mailbox/{message.pk}/archive/")
    assert "S-77" not in head.get("/mailbox/").content.decode()
    assert "S-77" in head.get("/mailbox/?view=archive").content.decode()
    head.post(f"/mailbox/{message.pk}/restore/")
    assert "S-77" in head.get("/mailbox/?q=s-77").content.decode()


def test_the_newest_messages_are_on_the_start_page(head: Client, taxpayer: Taxpayer) -> None:
    make_message(taxpayer, number="S-78")
    assert "Register S-78 has come" in head.get("/").content.decode()


def test_a_stranger_s_message_is_not_found(head: Client) -> None:
    message = make_message(make_taxpayer())
    assert head.get(f"/mailbox/{message.pk}/").status_code == 404
    assert head.post(f"/mailbox/{message.pk}/archive/").status_code == 404


def test_putting_away_is_done_by_post_only(head: Client, taxpayer: Taxpayer) -> None:
    assert head.get(f"/mailbox/{make_message(taxpayer).pk}/archive/").status_code == 405


def test_many_messages_come_by_pages(head: Client, taxpayer: Taxpayer) -> None:
    for number in range(51):
        make_message(taxpayer, number=f"S-{number}")
    first = head.get("/mailbox/")
    assert len(first.context["letters"]) == 50
    second = head.get(f"/mailbox/?at={first.context['page'].next}")
    assert [letter.title for letter in second.context["letters"]] == ["Register S-0 has come"]


def test_a_program_reads_messages_without_marking_them(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_headship(user, taxpayer)
    message = make_message(taxpayer, number="S-79")
    make_message(make_taxpayer())
    _, plain = make_api_key(user, taxpayer)
    headers = {
        "Authorization": f"Bearer {plain}",
        "X-Taxpayer": taxpayer.code,
        "Accept-Language": "en",
    }
    answer = Client().get("/api/v1/messages", headers=headers).json()
    assert [(one["id"], one["title"]) for one in answer["items"]] == [
        (str(message.pk), "Register S-79 has come")
    ]
    one = Client().get(f"/api/v1/messages/{message.pk}", headers=headers).json()
    assert one["title"] == "Register S-79 has come"
    message.refresh_from_db()
    assert message.read_at is None


def test_a_program_filters_marks_and_takes_files(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_headship(user, taxpayer)
    first = make_message(taxpayer, subsystem="isaf", files={"a.csv": b"1;2"})
    make_message(taxpayer)
    _, plain = make_api_key(user, taxpayer)
    headers = {"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code}
    client = Client(headers=headers)

    def listed(query: str) -> list[str]:
        return [one["id"] for one in client.get(f"/api/v1/messages?{query}").json()["items"]]

    assert listed("subsystem=isaf") == [str(first.pk)]
    assert len(listed("view=unread")) == 2
    asked = {"ids": [str(first.pk)], "mark": "read"}
    marked = client.post("/api/v1/messages/mark", asked, content_type="application/json")
    assert marked.json() == {"changed": 1}
    assert len(listed("view=unread")) == 1
    assert listed("until=2020-01-01") == []
    (file,) = client.get(f"/api/v1/messages/{first.pk}").json()["files"]
    answer = client.get(file["url"])
    assert b"".join(answer.streaming_content) == b"1;2"  # type: ignore[attr-defined]
    assert client.get("/api/v1/messages?view=all").status_code == 400
    wrong = {"ids": [str(first.pk)], "mark": "eaten"}
    refused = client.post("/api/v1/messages/mark", wrong, content_type="application/json")
    assert refused.status_code == 400


def test_chosen_messages_are_put_away_together_and_the_list_stays_filtered(
    head: Client, taxpayer: Taxpayer
) -> None:
    first, second = make_message(taxpayer), make_message(taxpayer, subsystem="isaf")
    answer = head.post(
        "/mailbox/many/archive/",
        {"message": [str(first.pk), str(second.pk)], "back": "subsystem=isaf"},
    )
    assert answer["Location"] == "/mailbox/?subsystem=isaf"
    assert head.get("/mailbox/").context["letters"] == []
    assert head.get("/mailbox/?subsystem=isaf&view=archive").context["letters"][0].message == second


def test_the_way_back_never_leaves_the_mailbox(head: Client) -> None:
    answer = head.post("/mailbox/many/read/", {"back": "//evil.example/"})
    assert answer["Location"] == "/mailbox/?//evil.example/"


def test_each_subsystem_has_a_tab_with_its_unread_messages(
    head: Client, taxpayer: Taxpayer
) -> None:
    make_message(taxpayer, subsystem="isaf")
    make_message(taxpayer, subsystem="isaf")
    read = make_message(taxpayer)
    head.get(f"/mailbox/{read.pk}/")
    tabs = head.get("/mailbox/?view=unread&subsystem=isaf").context["tabs"]
    assert [(tab["count"], tab["is_current"]) for tab in tabs] == [
        (2, False),
        (2, True),
        (None, False),
    ]
    assert [tab["url"] for tab in tabs] == [
        "/mailbox/?view=unread",
        "/mailbox/?view=unread&subsystem=isaf",
        "/mailbox/?view=unread&subsystem=mailbox",
    ]


def test_a_list_of_fifty_costs_as_many_queries_as_a_list_of_one(
    head: Client, taxpayer: Taxpayer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_message(taxpayer)
    head.get("/mailbox/")
    with django_assert_max_num_queries(50) as one:
        head.get("/mailbox/")
    for _ in range(50):
        make_message(taxpayer, files={"a.csv": b"1"})
    with django_assert_max_num_queries(len(one)):
        head.get("/mailbox/")


def test_a_file_is_saved_by_the_browser_and_never_shown(head: Client, taxpayer: Taxpayer) -> None:
    message = make_message(taxpayer, files={"ataskaita.csv": b"1;2\n"})
    page = head.get(f"/mailbox/{message.pk}/").content.decode()
    address = f"/mailbox/{message.pk}/files/{message.attachments.get().pk}/"
    assert f'href="{address}"' in page
    answer = head.get(address)
    assert b"".join(answer.streaming_content) == b"1;2\n"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="ataskaita.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
