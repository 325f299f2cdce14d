"""Officers check waybills on the road: on a ground, exactly, and never without a trace."""

import json
from datetime import timedelta
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from joserfc import jwk
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import ApiKey, User
from imas.kernel import clock
from imas.kernel.errors import (
    ForbiddenError,
    NotFoundError,
    ThrottledError,
    UnprocessableError,
)
from ivaz import signing
from ivaz.models import (
    Reservation,
    RoadsideOpening,
    RoadsideRight,
    RoadsideSearch,
    Waybill,
)
from ivaz.selectors import RoadsideLogQuery, roadside_log
from ivaz.services import officers, roadside
from ivaz.services.attaching import attach
from ivaz.services.officers import RoadsideOfficer, officer_of
from ivaz.services.roadside import Ground
from ivaz.types import Institution, RoadsideReason, Section, State
from mailbox.proofs import Proof
from representation.models import JournalEntry, Taxpayer
from tests import make
from tests.isaf.test_views import client_of
from tests.ivaz.records import cancellation, issued, say, splitting, waybill
from tests.ivaz.test_pages import browser

pytestmark = pytest.mark.django_db

GROUND = Ground(RoadsideReason.ROUTINE, "Patikra 12-7")
SENT = {"reason": "routine", "note": "Patikra 12-7"}


@pytest.fixture
def rn(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> str:
    return issued(consignor, waybill(consignor, transporter, consignee, uid="L-17"))


@pytest.fixture
def officer() -> RoadsideOfficer:
    return officer_of(_granted())


def _granted(institution: str = "police") -> User:
    user = make.make_user(language="lt")
    until = clock.today() + timedelta(days=90)
    call_command(
        "grant_roadside", user.login_name, institution=institution, agreement="D-1", until=until
    )
    return user


def _authority() -> User:
    user = make.make_user(is_staff=True, language="lt")
    make.make_totp(user)
    return user


def _client(user: User) -> Client:
    client = client_of(user)
    make.prove_second_factor(client)
    return client


def _found(officer: RoadsideOfficer, text: str) -> list[str]:
    made = roadside.search(officer, text, GROUND)
    found = [one.rn for one in roadside.found_by(officer, made.pk)[1]]
    assert made.found == len(found)
    return found


def test_found_by_what_is_told_to_the_letter(
    officer: RoadsideOfficer, consignor: Taxpayer, rn: str
) -> None:
    Reservation.objects.create(
        arn="AV2600000012", preparer=consignor, number="VAZ L-17", number_key="VAZL-17",
        given_at=clock.now(), complete_until=clock.today(),
        waybill=Waybill.objects.get(rn=rn),
    )  # fmt: skip
    for told in ("abc-123", " ABC 123", "vaz l 17", "VAZ-L-17", rn, rn.lower(), "av 2600000012"):
        assert _found(officer, told) == [rn], told
    for part in ("ABC12", "L-17", rn[:-1], "AV260000001", "Siuntėjas", consignor.code):
        assert _found(officer, part) == [], part


def test_only_what_is_on_the_road_or_was_lately(
    officer: RoadsideOfficer, consignor: Taxpayer, rn: str, settings: Settings
) -> None:
    long_ago = clock.now() - timedelta(days=settings.ROADSIDE_DAYS + 1)
    Waybill.objects.update(dispatch_at=long_ago)
    assert _found(officer, "ABC123") == [rn], "it is still under way"
    say(consignor, Section.CANCELLATION, cancellation(rn))
    assert _found(officer, "ABC123") == []
    Waybill.objects.update(dispatch_at=clock.now())
    assert _found(officer, "ABC123") == [rn]


def test_every_search_and_opening_is_written_down(officer: RoadsideOfficer, rn: str) -> None:
    made = roadside.search(officer, "ABC 123", GROUND)
    roadside.search(officer, "nera", GROUND)
    for _time in range(2):
        assert roadside.open_waybill(officer, made.pk, rn).rn == rn
    first, second = RoadsideSearch.objects.order_by("at")
    assert (first.user, first.institution, first.asked) == (officer.user, "police", "ABC123")
    assert (first.reason, first.note, first.found) == ("routine", "Patikra 12-7", 1)
    assert (second.asked, second.found) == ("NERA", 0)
    assert RoadsideOpening.objects.filter(search=made, waybill__rn=rn, version=1).count() == 2
    told = JournalEntry.objects.filter(user=officer.user, action__startswith="ivaz.roadside")
    assert sorted(told.values_list("action", flat=True)) == [
        "ivaz.roadside-opened", "ivaz.roadside-opened",
        "ivaz.roadside-searched", "ivaz.roadside-searched",
    ]  # fmt: skip
    assert not told.filter(taxpayer__isnull=False).exists()


@pytest.mark.parametrize("table", ["ivaz_roadsidesearch", "ivaz_roadsideopening"])
@pytest.mark.parametrize(
    "act", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_what_is_written_down_is_never_changed(
    officer: RoadsideOfficer, rn: str, table: str, act: str
) -> None:
    made = roadside.search(officer, "ABC 123", GROUND)
    roadside.open_waybill(officer, made.pk, rn)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else a TRUNCATE is not even tried
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format(table))


def test_without_a_ground_or_anything_to_look_for_nothing_is_searched(
    officer: RoadsideOfficer, rn: str
) -> None:
    with pytest.raises(UnprocessableError, match="roadside-ground"):
        roadside.search(officer, rn, Ground(RoadsideReason.OTHER, " - "))
    with pytest.raises(UnprocessableError, match="roadside-asked"):
        roadside.search(officer, " -- ", GROUND)
    assert not RoadsideSearch.objects.exists()


def test_an_officer_searches_so_often_in_an_hour(
    officer: RoadsideOfficer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ROADSIDE_PER_HOUR = 2
    _found(officer, "A1")
    _found(officer, "A2")
    with pytest.raises(ThrottledError):
        roadside.search(officer, "A3", GROUND)
    _found(officer_of(_granted()), "A4")
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    _found(officer, "A5")


def test_what_a_search_found_is_its_officer_s_for_a_shift(
    officer: RoadsideOfficer, consignor: Taxpayer, rn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = roadside.search(officer, "ABC 123", GROUND)
    other = waybill(consignor, consignor, None, uid="L-2")
    other["Transporter"]["TransportMeans"] = [{"IdentityOfTransportUnits": "ZZZ 1"}]
    with pytest.raises(NotFoundError, match="waybill-not-found"):
        roadside.open_waybill(officer, made.pk, issued(consignor, other))
    stranger = officer_of(_granted("customs"))
    with pytest.raises(NotFoundError, match="roadside-search-not-found"):
        roadside.open_waybill(stranger, made.pk, rn)
    with pytest.raises(NotFoundError, match="roadside-search-not-found"):
        roadside.found_by(stranger, made.pk)
    later = clock.now() + roadside.GOOD_FOR + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(NotFoundError, match="roadside-search-not-found"):
        roadside.open_waybill(officer, made.pk, rn)
    assert not RoadsideOpening.objects.exists()


def test_the_right_is_given_and_withdrawn_by_an_administrator() -> None:
    user = _granted()
    with pytest.raises(CommandError, match="roadside-granted"):
        call_command(
            "grant_roadside", user.login_name, institution="customs", agreement="D-2",
            until=clock.today(),
        )  # fmt: skip
    assert officer_of(user).institution is Institution.POLICE
    call_command("withdraw_roadside", user.login_name)
    with pytest.raises(ForbiddenError, match="roadside-only"):
        officer_of(user)
    with pytest.raises(CommandError, match="roadside-right-not-found"):
        call_command("withdraw_roadside", user.login_name)
    with pytest.raises(CommandError, match="person-not-found"):
        call_command("withdraw_roadside", "nobody")
    yesterday = clock.today() - timedelta(days=1)
    for wrong in ({"until": yesterday}, {"agreement": " "}):
        told = {"institution": "police", "agreement": "D-3", "until": clock.today(), **wrong}
        with pytest.raises(CommandError, match="roadside-right "):
            call_command("grant_roadside", user.login_name, **told)
    actions = JournalEntry.objects.filter(subject=user.login_name)
    assert sorted(actions.values_list("action", flat=True)) == [
        "ivaz.roadside-granted", "ivaz.roadside-withdrawn",
    ]  # fmt: skip


def test_a_right_ends_by_its_last_day() -> None:
    user = _granted()
    RoadsideRight.objects.update(
        since=clock.today() - timedelta(days=9), until=clock.today() - timedelta(days=1)
    )
    with pytest.raises(ForbiddenError, match="roadside-only"):
        officer_of(user)
    call_command(
        "grant_roadside", user.login_name, institution="customs", agreement="D-2",
        until=clock.today(),
    )  # fmt: skip
    assert officer_of(user).institution is Institution.CUSTOMS
    assert RoadsideRight.objects.count() == 2


def test_rights_of_two_kinds_do_not_mix(rn: str) -> None:
    road, desk = _client(_granted()), _client(_authority())
    assert road.get(reverse("ivaz:roadside")).status_code == 200
    assert road.get(reverse("ivaz:roadside-log")).status_code == 403
    assert road.get(reverse("isaf:postponement-desk")).status_code == 403
    assert desk.get(reverse("ivaz:roadside-log")).status_code == 200
    assert desk.get(reverse("ivaz:roadside")).status_code == 403
    made = roadside.search(officer_of(_granted()), rn, GROUND)
    for name, args in (("search", [made.pk]), ("waybill", [made.pk, rn])):
        assert desk.get(reverse(f"ivaz:roadside-{name}", args=args)).status_code == 403


WAY = f'href="{reverse("ivaz:roadside")}"'


def _first_page(user: User) -> str:
    return _client(user).get("/", follow=True).content.decode()


def test_the_way_stands_in_the_menu_and_on_the_first_page_of_an_officer_alone(
    consignor: Taxpayer,
) -> None:
    officer, other, authority = _granted(), make.make_user(), _authority()
    assert _first_page(officer).count(WAY) == 4  # side, bottom bar and what is behind it, card
    for taxpayer in (consignor, make.make_taxpayer()):  # then he chooses, then he acts for one
        make.make_headship(officer, taxpayer)
        make.make_headship(other, taxpayer)
        assert _first_page(officer).count(WAY) >= 2
        assert WAY not in _first_page(other)
    assert WAY not in _first_page(authority)


def test_the_way_goes_with_the_right(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = _granted()
    officers.withdraw(user.login_name)
    assert WAY not in _first_page(user)
    officers.grant(
        user.login_name, institution=Institution.POLICE, agreement="D-2", until=clock.today()
    )
    assert WAY in _first_page(user)
    kept = User.objects.get(pk=user.pk)
    with django_assert_num_queries(0):
        assert kept.duties_on(clock.today()) == {"roadside"}
        assert not kept.duties_on(clock.today() + timedelta(days=1))


def test_who_had_the_right_before_sees_the_way_after_the_migration() -> None:
    standing, withdrawn = _granted(), _granted()
    officers.withdraw(withdrawn.login_name)
    User.objects.update(duties={"other": "2030-01-01"})
    import_module("ivaz.migrations.0009_roadside_duties").show(apps, None)
    until = (clock.today() + timedelta(days=90)).isoformat()
    assert User.objects.get(pk=standing.pk).duties == {"other": "2030-01-01", "roadside": until}
    assert User.objects.get(pk=withdrawn.pk).duties == {"other": "2030-01-01"}


def test_a_second_factor_is_asked_first(rn: str) -> None:
    client = client_of(_granted())
    answer = client.post(reverse("ivaz:roadside"), {**SENT, "q": rn})
    assert answer.status_code == 302
    assert "second-factor" in answer["Location"]
    assert not RoadsideSearch.objects.exists()


def test_an_officer_reads_the_whole_and_no_documents(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    paper = SimpleUploadedFile("sutartis.pdf", b"%PDF-1.7 ...")
    attach(make.make_acting(taxpayer=consignor), rn, [Proof(paper, "application/pdf")])
    client = _client(_granted())
    form = client.get(reverse("ivaz:roadside")).content.decode()
    assert "Policija" in form
    bare = client.post(reverse("ivaz:roadside"), {"q": rn})
    assert bare.context["form"].errors.keys() == {"reason", "note"}
    nothing = client.post(reverse("ivaz:roadside"), {**SENT, "q": "--"})
    assert nothing.context["form"].errors.keys() == {"q"}
    led = client.post(reverse("ivaz:roadside"), {**SENT, "q": "abc 123"})
    made = RoadsideSearch.objects.get()
    url = reverse("ivaz:roadside-waybill", args=[made.pk, rn])
    assert url in client.get(led["Location"]).content.decode()
    page = client.get(url).content.decode()
    for told in (
        consignor.name,
        transporter.code,
        "Dažai",
        "Laisvės al. 1",
        "Važtaraštis pateiktas",
    ):
        assert told in page
    assert "sutartis.pdf" not in page
    assert reverse("ivaz:waybill", args=[rn]) not in page
    assert RoadsideOpening.objects.count() == 1
    for one in (consignor, transporter):
        parties = browser(one).get(reverse("ivaz:waybill", args=[rn])).content.decode()
        assert "Patikra 12-7" not in parties
        assert made.user.last_name not in parties


def test_parts_are_named_without_ways_to_them(consignor: Taxpayer, rn: str) -> None:
    say(consignor, Section.SPLIT, splitting(rn, {"1": "10.000"}, {"2": "5.500"}))
    part = Waybill.objects.filter(split_of__rn=rn).first()
    assert part is not None
    user = _granted()
    client, officer = _client(user), officer_of(user)
    made = roadside.search(officer, "ABC123", GROUND)
    assert made.found == 3
    for one, other in ((rn, part.number), (part.rn, rn)):
        page = client.get(reverse("ivaz:roadside-waybill", args=[made.pk, one])).content.decode()
        assert other in page
        assert "/ivaz/waybills/" not in page
    assert Waybill.objects.get(rn=rn).state == State.SPLIT


def test_a_square_leads_to_the_whole_with_a_reason(
    rn: str, settings: Settings, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(jwk.OKPKey.generate_key("Ed25519").as_pem(private=True))
    settings.WAYBILL_SIGNING_KEYS = [str(key)]
    token = signing.token_of(Waybill.objects.get(rn=rn))
    url = reverse("ivaz:roadside-square", args=[token])
    assert url in Client().get(reverse("ivaz:check", args=[token])).content.decode()
    client = _client(_granted())
    assert rn in client.get(url).content.decode()
    assert client.post(url, {}).context["form"].errors.keys() == {"reason", "note"}
    led = client.post(url, SENT)
    made = RoadsideSearch.objects.get()
    assert (made.means, made.asked, made.found) == ("square", rn, 1)
    assert led["Location"] == reverse("ivaz:roadside-waybill", args=[made.pk, rn])
    assert client.get(led["Location"]).status_code == 200
    forged = reverse("ivaz:roadside-square", args=[token[:-4] + "AAAA"])
    assert client.post(forged, SENT).status_code == 404
    assert RoadsideSearch.objects.count() == 1
    long_ago = clock.now() - timedelta(days=settings.ROADSIDE_DAYS + 1)
    Waybill.objects.update(state=State.CLOSED, dispatch_at=long_ago)
    led = client.post(url, SENT)
    assert "Tokio važtaraščio" in client.get(led["Location"]).content.decode()


def _program(plain: str) -> Client:
    return Client(headers={"authorization": f"Bearer {plain}"})


def _key_of(user: User) -> str:
    out = StringIO()
    call_command(
        "grant_roadside", user.login_name, institution="transport", agreement="D-9",
        until=clock.today() + timedelta(days=5), key=True, stdout=out,
    )  # fmt: skip
    return out.getvalue().strip()


def test_programs_search_and_open_by_a_key_for_this_alone(
    consignor: Taxpayer, rn: str, settings: Settings, tmp_path: Path
) -> None:
    user = make.make_user()
    plain = _key_of(user)
    key = ApiKey.objects.get(user=user)
    assert key.expires_at <= clock.now() + timedelta(days=7)
    client = _program(plain)
    url = reverse("api-ivaz-roadside-searches")

    def answer(body: dict[str, Any]) -> Any:
        return client.post(url, json.dumps(body), content_type="application/json")

    made = answer({"q": "abc 123", **SENT})
    assert made.status_code == 201
    assert [one["rn"] for one in made.json()["items"]] == [rn]
    assert RoadsideSearch.objects.get().key_id == key.pk
    one = reverse("api-ivaz-roadside-waybill", args=[made.json()["id"], rn])
    whole = client.get(one).json()
    assert whole["content"]["Consignor"]["Name"] == consignor.name
    assert (whole["allowed"], whole["roles"]) == ([], [])
    assert RoadsideOpening.objects.count() == 1
    assert answer({"q": rn}).status_code == 400
    assert answer(SENT).status_code == 400
    assert answer({"q": rn, "square": "x", **SENT}).status_code == 400
    assert answer({"square": "x", **SENT}).status_code == 404
    signer = tmp_path / "key.pem"
    signer.write_bytes(jwk.OKPKey.generate_key("Ed25519").as_pem(private=True))
    settings.WAYBILL_SIGNING_KEYS = [str(signer)]
    token = signing.token_of(Waybill.objects.get(rn=rn))
    assert answer({"square": token, **SENT}).json()["found"] == 1
    assert client.get(reverse("api-ivaz-waybills")).status_code in {400, 403}, "no taxpayer"
    officers.withdraw(user.login_name)
    assert client.get(one).status_code == 401
    assert RoadsideOpening.objects.count() == 1


def test_no_other_key_of_an_officer_searches(consignor: Taxpayer, rn: str) -> None:
    user = _granted()
    make.make_headship(user, consignor)
    _key, plain = make.make_api_key(user, consignor)
    sent = {"q": rn, **SENT}
    answer = _program(plain).post(
        reverse("api-ivaz-roadside-searches"), sent, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "roadside-only")
    ended = make.make_user()
    plain = _key_of(ended)
    RoadsideRight.objects.filter(user=ended).update(withdrawn_at=clock.now())
    answer = _program(plain).post(
        reverse("api-ivaz-roadside-searches"), sent, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "roadside-only")
    with pytest.raises(NotFoundError, match="roadside-right-not-found"):
        officers.issue_key(ended.login_name)


def test_the_authority_reads_who_searched_what_and_opened(
    rn: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    police, customs = officer_of(_granted()), officer_of(_granted("customs"))
    made = roadside.search(police, "ABC123", GROUND)
    roadside.open_waybill(police, made.pk, rn)
    roadside.search(customs, "NERA1", Ground(RoadsideReason.ACCIDENT, "Avarija A1"))
    client, url = (
        _client(_authority()),
        reverse("ivaz:roadside-log"),
    )
    page = client.get(url).content.decode()
    for told in ("ABC123", "NERA1", "Avarija A1", rn, police.user.login_name):
        assert told in page
    for asked, is_first in (
        ({"who": police.user.login_name}, True),
        ({"institution": "customs"}, False),
        ({"rn": rn}, True),
    ):
        page = client.get(url, asked).content.decode()
        assert ("Patikra 12-7" in page, "Avarija A1" in page) == (is_first, not is_first)
    later = f"{clock.today() + timedelta(days=1)}"
    assert "ABC123" not in client.get(url, {"since": later}).content.decode()
    assert "ABC123" in client.get(url, {"until": f"{clock.today()}"}).content.decode()
    assert client.get(url, {"at": "x"}).status_code == 422


def test_a_page_of_the_log_costs_as_much_however_long_it_is(
    rn: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer = officer_of(_granted())
    for _time in range(3):
        made = roadside.search(officer, rn, GROUND)
        roadside.open_waybill(officer, made.pk, rn)
    with django_assert_num_queries(2):
        page = roadside_log(RoadsideLogQuery())
        assert [one.waybill.rn for row in page.rows for one in row.openings.all()] == [rn] * 3
        assert page.rows[0].user.login_name
