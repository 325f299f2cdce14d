"""The desk as a process: sign-in, announcements, messages, the link. No main system is there."""

import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from avaz import arn
from tests.avaz.fallback import Browser, Desk, access
from tests.running.house import wait_until

CODE, OTHER = "ABCDEFG", "HJKMNPQ"
ARN = re.compile(r"AV[0-9]{10}")


def signed_in(desk: Desk, **changed: object) -> tuple[Browser, dict[str, object]]:
    """Somebody new who has signed in, and the access."""
    told = access(CODE, **changed)
    assert desk.tell(told).json() == {"changed": 1}
    browser = desk.browser()
    assert browser.sign_in(str(told["email"]).upper(), CODE.lower()).url == f"{desk.url}/"
    return browser, told


def only_arn(text: str) -> str:
    (found,) = set(ARN.findall(text))
    assert arn.is_valid(found)
    return str(found)


def test_an_arn_is_given_and_told_to_the_main_system(desk: Desk) -> None:
    browser, told = signed_in(desk)
    page = browser.announce("VAZ 1", description="Neveikia internetas")
    given = only_arn(page.text)
    (row,) = [one for one in desk.told()["registrations"] if one["arn"] == given]
    assert row["access"] == told["access"]
    assert (row["number"], row["reason"], row["channel"]) == ("VAZ 1", "own", "web")
    assert given in browser.get("/arns/").text
    assert desk.told(row["id"])["registrations"] == []


def test_one_waybill_has_one_arn_whoever_announces_it(desk: Desk) -> None:
    browser, told = signed_in(desk)
    first = only_arn(browser.announce("VĖŽ 7").text)
    assert only_arn(browser.announce("vež  7").text) == first
    colleague = access(OTHER, taxpayer_code=told["taxpayer_code"])
    desk.tell(colleague)
    assert only_arn(desk.text(colleague["phone"], f"{OTHER} VEZ7")) == first
    others = access(OTHER)
    desk.tell(others)
    assert only_arn(desk.text(others["phone"], f"{OTHER} VEZ7")) != first


def test_several_waybills_have_an_arn_of_their_own_each_time(desk: Desk) -> None:
    browser, _told = signed_in(desk)
    given = {only_arn(browser.announce("").text) for _ in range(2)}
    assert len(given) == 2


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"reason": "incomplete"}, "The number of the waybill is missing"),
        ({"trouble_from": "2020-01-01T10:00"}, "The time of the trouble cannot be so"),
        ({"trouble_to": "2020-01-01T10:00"}, "The time of the trouble cannot be so"),
        ({"number": "9" * 36}, "at most 35"),
    ],
)
def test_what_cannot_be_is_said(desk: Desk, told: dict[str, str], said: str) -> None:
    browser, _access = signed_in(desk)
    page = browser.announce(**told)
    assert said in page.text
    assert not ARN.search(page.text)


def test_strangers_learn_nothing(desk: Desk) -> None:
    _browser, told = signed_in(desk)
    known = desk.browser().sign_in(str(told["email"]), OTHER)
    unknown = desk.browser().sign_in("niekas@example.lt", OTHER)
    assert known.status_code == unknown.status_code == 403
    said = "The address and the code do not belong together"
    assert said in known.text
    assert said in unknown.text
    texts = [
        desk.text(str(told["phone"]), f"{OTHER} VAZ1"), desk.text("+37069999999", f"{CODE} VAZ1")
    ]  # fmt: skip
    assert texts[0] == texts[1]
    assert not ARN.search(texts[0])


def test_codes_cannot_be_guessed(desk: Desk) -> None:
    _browser, told = signed_in(desk)
    for _ in range(5):
        assert desk.browser().sign_in(str(told["email"]), OTHER).status_code == 403
    locked = desk.browser().sign_in(str(told["email"]), CODE)
    assert locked.status_code == 429
    assert "Too many wrong codes" in locked.text
    desk.change("DELETE FROM avaz_desk_failure")  # as if the quarter of an hour were over
    assert desk.browser().sign_in(str(told["email"]), CODE).url == f"{desk.url}/"


def test_nor_by_messages(desk: Desk) -> None:
    told = access(CODE)
    desk.tell(told)
    for _ in range(5):
        assert "neteisingas" in desk.text(told["phone"], f"{OTHER} VAZ1")
    assert "per daug" in desk.text(told["phone"], f"{CODE} VAZ1")
    desk.change("DELETE FROM avaz_desk_failure")  # as if the quarter of an hour were over
    assert ARN.search(desk.text(told["phone"], f"{CODE} VAZ1"))


def test_a_phone_that_sends_too_much_hears_nothing(desk: Desk) -> None:
    told = access(CODE)
    desk.tell(told)
    said = [desk.text(told["phone"], f"{CODE} R{at}") for at in range(12)]
    assert all(ARN.search(one) for one in said[:10])
    assert said[10:] == ["", ""]


def test_a_message_handed_over_again_is_answered_once(desk: Desk) -> None:
    told = access(CODE)
    desk.tell(told)
    before = len(desk.told()["registrations"])
    same = uuid.uuid4().hex
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _at: desk.text(told["phone"], f"{CODE} K1", id=same), range(4)))
    assert len(set(said)) == 1
    assert desk.text(told["phone"], "something else", id=same) == said[0]
    assert len(desk.told()["registrations"]) == before + 1


@pytest.mark.parametrize(
    "text", ["", "labas", CODE, f"{CODE} {'9' * 36}", f"{CODE} {'Ž' * 35}", f"{OTHER} 1"]
)
def test_answers_are_one_part_of_ascii(desk: Desk, text: str) -> None:
    told = access(CODE)
    desk.tell(told)
    said = desk.text(told["phone"], text)
    assert said.isascii()
    assert 0 < len(said) <= 160


def test_the_gateway_shows_its_key(desk: Desk) -> None:
    told = access(CODE)
    desk.tell(told)
    for changed in ({"key": ""}, {"key": "x"}, {"receiver": "1883"}, {"id": ""}):
        with pytest.raises(OSError, match=r"40[4]|422"):
            desk.text(told["phone"], f"{CODE} 1", **changed)


def test_a_closed_access_opens_nothing_at_once(desk: Desk) -> None:
    browser, told = signed_in(desk)
    desk.tell({**told, "version": 2, "is_open": False})
    assert browser.get("/").url == f"{desk.url}/sign-in/"
    assert desk.browser().sign_in(str(told["email"]), CODE).status_code == 403
    assert "neteisingas" in desk.text(str(told["phone"]), f"{CODE} 1")


def test_a_renewed_code_takes_the_place_of_the_old_one(desk: Desk) -> None:
    browser, told = signed_in(desk)
    fresh = access(OTHER, user=told["user"])
    desk.tell({**told, "version": 2, "code": fresh["code"], "drawer": fresh["drawer"]})
    assert browser.get("/").url == f"{desk.url}/sign-in/"
    assert desk.browser().sign_in(str(told["email"]), CODE).status_code == 403
    assert desk.browser().sign_in(str(told["email"]), OTHER).url == f"{desk.url}/"


def test_an_older_version_changes_nothing(desk: Desk) -> None:
    told = access(CODE, version=5)
    assert desk.tell(told).json() == {"changed": 1}
    assert desk.tell(told).json() == {"changed": 0}
    assert desk.tell({**told, "version": 4, "is_open": False}).json() == {"changed": 0}
    assert desk.browser().sign_in(str(told["email"]), CODE).url == f"{desk.url}/"


def test_an_accountant_has_a_code_for_each_taxpayer(desk: Desk) -> None:
    first = access(CODE)
    second = access(OTHER, user=first["user"], email=first["email"], phone=first["phone"])
    desk.tell(first, second)
    for told, code in ((first, CODE), (second, OTHER)):
        browser = desk.browser()
        browser.sign_in(str(told["email"]), code)
        assert str(told["taxpayer_code"]) in browser.get("/").text


def test_an_arn_of_another_taxpayer_is_not_found(desk: Desk) -> None:
    browser, _told = signed_in(desk)
    given = only_arn(browser.announce("E1").text)
    stranger, _other = signed_in(desk)
    assert stranger.get(f"/arns/{given}/").status_code == 404
    assert browser.get(f"/arns/{given}/").status_code == 200


def test_only_signed_requests_are_heard(desk: Desk) -> None:
    now = int(time.time())
    path = "/link/registrations?after=0"
    assert desk.ask("GET", path).status_code == 200
    assert desk.ask("GET", path, secret="x" * 40).status_code == 404
    assert desk.ask("GET", path, at=now - 400).status_code == 404
    assert desk.ask("POST", "/link/accesses", b"no json").status_code == 422
    assert desk.ask("GET", "/link/registrations?after=x").status_code == 422


def test_a_form_of_another_site_is_refused(desk: Desk) -> None:
    browser, _told = signed_in(desk)
    answer = browser.session.post(f"{desk.url}/", data={"reason": "own"}, timeout=30)
    assert answer.status_code == 403


def test_a_desk_put_back_from_a_copy_repeats_no_arn(desk: Desk) -> None:
    browser, _told = signed_in(desk)
    given = only_arn(browser.announce("S1").text)
    year, serial = arn.parts(given)
    desk.tell(last_arn=arn.make(year, serial + 100))
    assert arn.parts(only_arn(browser.announce("S2").text)) == (year, serial + 101)


def test_arns_are_given_once_to_many_at_once(desk: Desk) -> None:
    several = [access(CODE) for _ in range(8)]
    desk.tell(*several)
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda one: desk.text(one["phone"], f"{CODE} M1"), several))
    assert len({only_arn(one) for one in said}) == len(said)


def test_what_was_given_survives_a_kill(desk: Desk) -> None:
    told = access(CODE)
    desk.tell(told)
    given = only_arn(desk.text(told["phone"], f"{CODE} KILL"))
    desk.kill("web")
    desk.start("web")
    wait_until(desk.answers)
    assert given in {one["arn"] for one in desk.told()["registrations"]}
