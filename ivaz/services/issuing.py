"""Waybills made of records: registered under an RN, once for each id of the preparer."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import connection

from imas.kernel import clock
from imas.kernel.problems import Problem, any_error
from ivaz.models import Waybill
from ivaz.rules import Facts, problems_of
from ivaz.services import consenting, excusing, holding
from ivaz.services.holding import Sender
from ivaz.services.storing import Batch, NewWaybill, store
from ivaz.services.verdicts import Verdict, refused
from ivaz.types import Content, Record, Section
from representation.models import WaybillRule
from representation.waybills import may_submit_waybills

_HELD = """
    SELECT waybill.local_uid, waybill.rn, coalesce(first.content, waybill.content)
      FROM ivaz_waybill waybill
      LEFT JOIN ivaz_waybillversion first ON first.waybill_id = waybill.id AND first.number = 1
     WHERE waybill.preparer_id = %s AND waybill.local_uid = ANY(%s)
"""


def issue(sender: Sender, records: Sequence[Record]) -> list[Verdict]:
    """Register waybills; the same record again gets the RN it has, other content is refused.

    Called in a transaction, with valid records of the two sections of waybills. IntegrityError
    where another submission of the same preparer registers one of them meanwhile.
    """
    known = holding.taxpayers_by_code(holding.codes_of(record.content for record in records))
    closed = closed_consignors(sender, records, known)
    silent = without_consent(records, known)
    held = _held(sender, [record.uid for record in records])
    now = clock.now()
    excused = excusing.excuses(sender.taxpayer_id, records, now)
    facts = Facts(now, known.__contains__, excused)
    verdicts: list[Verdict] = []
    fresh: list[tuple[Record, Verdict]] = []
    for record in records:
        problems, uid = tuple(problems_of(record, facts)), record.uid
        if uid in held:  # judged when it came; a lost answer is asked for late
            verdict = _again(record, *held[uid])
        elif any_error(problems):
            verdict = Verdict(record, is_taken=False, problems=problems)
        elif consignor_of(record.content) in closed:
            verdict = refused(record, "ivaz.not-listed", "Consignor", sender.code)
        elif missing := silent(record):
            verdict = Verdict(record, is_taken=False, problems=missing)
        else:
            verdict = Verdict(record, is_taken=True, problems=problems)
            fresh.append((record, verdict))
            held[uid] = "", record.content
        verdicts.append(verdict)
    made = register(sender, [record for record, _verdict in fresh], known)
    rns = {one.record.uid: one.rn for one in made}
    return [
        Verdict(one.record, one.is_taken, one.rn or rns.get(one.record.uid, ""), one.problems)
        if one.is_taken
        else one
        for one in verdicts
    ]


def register(
    sender: Sender,
    records: Sequence[Record],
    known: Mapping[str, int],
    split_of: Waybill | None = None,
) -> list[NewWaybill]:
    """Make waybills with their parties, words and events, in six statements.

    One more where they complete what a.VAZ has announced.
    """
    batch = Batch(sender, clock.now(), clock.today(), split_of)
    made = [
        NewWaybill(key, rn, record, holding.kept_of(record.content))
        for record, (key, rn) in zip(records, holding.new_numbers(len(records)), strict=True)
    ]
    store(batch, made, known)
    excusing.tie(sender.taxpayer_id, [(one.pk, one.kept.number) for one in made])
    return made


def _again(record: Record, rn: str, content: Content) -> Verdict:
    """Say what becomes of an id that is there already."""
    if dict(record.content) == dict(content):
        return Verdict(record, is_taken=True, rn=rn)
    path = "TransportDocumentUID/LocalTransportDocumentUID"
    return refused(record, "ivaz.uid-taken", path, record.uid, rn=rn)


def _held(sender: Sender, uids: Iterable[str]) -> dict[str, tuple[str, Content]]:
    """Return the RN and the first content of the preparer's waybills with these ids."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [sender.taxpayer_id, list(set(uids))])
        return {uid: (rn, json.loads(content)) for uid, rn, content in cursor.fetchall()}


def closed_consignors(
    sender: Sender, records: Sequence[Record], known: Mapping[str, int]
) -> set[str]:
    """Return the codes of consignors whose list of submitters leaves the sender out."""
    named = {
        code: known[code]
        for record in records
        if (code := consignor_of(record.content)) in known and code != sender.code
    }
    if not named:
        return set()
    strict = set(
        WaybillRule.objects.filter(taxpayer_id__in=named.values(), only_listed=True).values_list(
            "taxpayer_id", flat=True
        )
    )
    return {
        code
        for code, taxpayer_id in named.items()
        if taxpayer_id in strict and not may_submit_waybills(taxpayer_id, sender.code)
    }


def without_consent(
    records: Sequence[Record], known: Mapping[str, int], before: Content | None = None
) -> Callable[[Record], Sequence[Problem]]:
    """Return what tells who of an e-waybill's parties has not consented; one query for all.

    None where there is no e-waybill, or its consent is not asked yet. With what a waybill was
    before: of those whom it names anew.
    """
    asked = [one.content for one in records if one.section is Section.EWAYBILL]
    codes = consenting.codes_asked(asked, before) if consenting.is_asked() else set()
    if not codes:
        return lambda _record: ()
    given = consenting.given_by({code: known[code] for code in codes if code in known})
    return lambda record: (
        consenting.missing(record, known, given, before)
        if record.section is Section.EWAYBILL
        else ()
    )


def consignor_of(content: Content) -> str:
    """Return the code of a waybill's consignor."""
    return str((content.get("Consignor") or {}).get("RegistrationNumber", ""))
