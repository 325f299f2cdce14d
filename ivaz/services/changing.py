"""What is done to waybills that stand: amended, split, accepted, received, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from imas.kernel import clock
from imas.kernel.errors import ConflictError, ForbiddenError
from imas.kernel.problems import Problem, any_error
from ivaz.models import Waybill, WaybillEvent, WaybillParty, WaybillVersion, WaybillWords
from ivaz.parsing.content import element_of
from ivaz.parsing.faults import schema_problems
from ivaz.parsing.tree import node_of
from ivaz.rules import Facts, problems_of, quantity, unknown_lines
from ivaz.services import holding, issuing
from ivaz.services.holding import Sender
from ivaz.services.verdicts import Verdict, refused
from ivaz.states import MOVES
from ivaz.types import (
    OPEN,
    SETTLED,
    Act,
    Conclusion,
    Content,
    Reason,
    Receipt,
    Record,
    Role,
    Section,
    State,
)

_UID = "TransportDocumentUID"
_TELL_ANEW = """
    UPDATE ivaz_waybillparty AS party
       SET changed = NULL,
           is_open = waybill.state = ANY(%s),
           settled = CASE WHEN waybill.state = ANY(%s) THEN waybill.state ELSE '' END,
           is_different = waybill.is_different OR waybill.is_warned
      FROM ivaz_waybill waybill
     WHERE waybill.id = ANY(%s) AND party.waybill_id = waybill.id
"""
_MERGED = ("Transporter", "DeliveryData", "ComplementaryTransportInformation", "ShipFrom", "ShipTo")


@dataclass(frozen=True, slots=True)
class Case:
    """A record with the waybill it speaks of, which is locked."""

    sender: Sender
    record: Record
    waybill: Waybill

    @property
    def roles(self) -> frozenset[Role]:
        """Who the sender is in the waybill."""
        return holding.roles_of(self.waybill, self.sender)


def change(case: Case) -> Verdict:
    """Do what a record says to its waybill. Called in a transaction.

    Refused: "ivaz.not-yours" for an act of another role, "ivaz.state" where the waybill is past
    it, "ivaz.too-late-to-change" after the days of correction, and whatever is wrong with what
    would come of it.
    """
    record, waybill = case.record, case.waybill
    problems = tuple(problems_of(record, Facts(clock.now(), lambda _code: True)))
    if any_error(problems):
        return Verdict(record, is_taken=False, problems=problems)
    act = _act_of(case)
    if refusal := _refusal(case, act):
        return refusal
    if act in {Act.AMEND, Act.RELOAD}:
        return _amended(case, act)
    if act is Act.SPLIT:
        return _split(case)
    if act is Act.WARN:
        waybill.is_warned = True
    if act is Act.RECEIVE:
        waybill.is_different = record.content["ReceivedCargoConclusion"] != Conclusion.SATISFACTORY
    _done(case, act)
    return Verdict(record, is_taken=True, rn=waybill.rn)


def _refusal(case: Case, act: Act) -> Verdict | None:
    record, waybill, move = case.record, case.waybill, MOVES[act]
    if not move.actors & case.roles:
        return refused(record, "ivaz.not-yours", rn=waybill.rn)
    if waybill.state not in move.origins:
        return refused(record, "ivaz.state", value=waybill.state, rn=waybill.rn)
    if strange := unknown_lines(record.content, _lines(waybill.content)):
        return refused(record, "ivaz.line-unknown", value=str(strange[0]), rn=waybill.rn)
    return None


def note(waybill: Waybill, act: Act, sender: Sender, details: Content) -> None:
    """Write down an act the format has no record for, on a locked waybill.

    ForbiddenError("waybill-not-yours") for an act of another role, ConflictError("waybill-state")
    where the waybill is past it.
    """
    move, roles = MOVES[act], holding.roles_of(waybill, sender)
    if not move.actors & roles:
        raise ForbiddenError("waybill-not-yours", rn=waybill.rn)
    if waybill.state not in move.origins:
        raise ConflictError("waybill-state", rn=waybill.rn)
    role = next(role for role in Role if role in move.actors & roles)
    _write(waybill, act, sender, role, details)
    tell_anew([waybill])


def done_by_nobody(waybills: Sequence[Waybill], act: Act) -> None:
    """Do what the house itself does to locked waybills."""
    for waybill in waybills:
        _write(waybill, act, None, "", {})
    tell_anew(waybills)


def tell_anew(waybills: Sequence[Waybill]) -> None:
    """Have all parties learn of changed waybills when they next ask (`following`); one statement.

    In the transaction of the change, and whether they were told before or not: who is asking at
    this moment is waited for, and will ask again. What is repeated beside the parties is set anew.
    """
    if waybills:
        with connection.cursor() as cursor:
            cursor.execute(
                _TELL_ANEW, [list(OPEN), list(SETTLED), [waybill.pk for waybill in waybills]]
            )


def _act_of(case: Case) -> Act:
    content, section = case.record.content, case.record.section
    if section is Section.AMENDMENT:
        return Act.RELOAD if _is_reload(case) else Act.AMEND
    if section is Section.SPLIT:
        return Act.SPLIT
    if section is Section.CANCELLATION:
        return Act.RETURN if content["CancellationReason"] == Reason.RETURN else Act.CANCEL
    if content["ReceiptType"] == Receipt.BY_TRANSPORTER:
        return Act.ACCEPT
    if case.waybill.state == State.RETURNING:
        return Act.TAKE_BACK
    is_warning = content["ReceivedCargoConclusion"] == Conclusion.WARNING
    return Act.WARN if is_warning else Act.RECEIVE


def _is_reload(case: Case) -> bool:
    """Tell whether an amendment is of vehicles and drivers alone: the carrier may do it too."""
    named = set(case.record.content) - {_UID}
    code = (case.record.content.get("Transporter") or {}).get("RegistrationNumber")
    return named == {"Transporter"} and code == case.waybill.content["Transporter"].get(
        "RegistrationNumber"
    )


def _amended(case: Case, act: Act) -> Verdict:
    record, waybill = case.record, case.waybill
    if waybill.state != State.SENT and waybill.due_on and clock.today() > waybill.due_on:
        return refused(record, "ivaz.too-late-to-change", value=f"{waybill.due_on}", rn=waybill.rn)
    content = merged(waybill.content, record.content)
    if content == waybill.content:
        return Verdict(record, is_taken=True, rn=waybill.rn)
    if problems := _problems_of_whole(record, Section(waybill.kind), content):
        return Verdict(record, is_taken=False, problems=problems)
    known = holding.taxpayers_by_code(holding.codes_of([content]))
    whole = replace(record, section=Section(waybill.kind), content=content)
    if refusal := _refused_parties(case, [whole], known):
        return refusal
    role = _role(case, act)
    WaybillVersion.objects.create(
        waybill=waybill, number=waybill.version, content=waybill.content, until=clock.now()
    )
    holding.describe(waybill, content)
    waybill.version += 1
    waybill.parties.all().delete()
    parties = WaybillParty.objects.bulk_create(holding.parties_of(waybill, known))
    numbers = (waybill.rn, waybill.number, waybill.local_uid, *waybill.plates)
    terms = holding.words_of(content, numbers, (party.taxpayer_id for party in parties))
    WaybillWords.objects.update_or_create(waybill=waybill, defaults={"terms": terms})
    _write(waybill, act, case.sender, role, _told(case))
    return Verdict(record, is_taken=True, rn=waybill.rn)


def merged(content: Content, amendment: Content) -> dict[str, Any]:
    """Return a waybill's content with an amendment: groups are put in whole, lists replaced.

    Of a group that is amended in part, as vehicles of the carrier alone, the rest stays.
    """
    changed = dict(content)
    for name, value in amendment.items():
        if name == _UID:
            continue
        old = content.get(name)
        is_in_part = name in _MERGED and isinstance(old, Mapping) and isinstance(value, Mapping)
        changed[name] = {**old, **value} if is_in_part and isinstance(old, Mapping) else value
    return changed


def _split(case: Case) -> Verdict:
    record, waybill = case.record, case.waybill
    pieces = [_piece(waybill, split, at) for at, split in enumerate(_splits(record.content))]
    if wrong := _wrong_split(case, pieces):
        return wrong
    for piece in pieces:
        if problems := _problems_of_whole(record, piece.section, piece.content):
            return Verdict(record, is_taken=False, problems=problems)
    known = holding.taxpayers_by_code(holding.codes_of(piece.content for piece in pieces))
    if refusal := _refused_parties(case, pieces, known):
        return refusal
    made = issuing.register(case.sender, pieces, known, split_of=waybill)
    _done(case, Act.SPLIT, {"rns": [one.rn for one in made]})
    return Verdict(record, is_taken=True, rn=waybill.rn)


def _piece(waybill: Waybill, split: Content, position: int) -> Record:
    """Return the record of one part: what it says, the rest copied from the whole."""
    lines = {int(one["ProductLineNumber"]): one for one in _products(waybill.content)}
    told = split["DeliveryData"]
    products = [{**lines.get(int(one["ProductLineNumber"]), {}), **one} for one in told["Products"]]
    rest = {
        name: value for name, value in waybill.content["DeliveryData"].items()
        if name not in {"Products", "Packages", "Weight", "Value"}
    }  # fmt: skip
    delivery = {**rest, **told, "Products": products}
    content = {**waybill.content, **split, "DeliveryData": delivery}
    return Record(Section(waybill.kind), position, 0, content)


def _wrong_split(case: Case, pieces: Sequence[Record]) -> Verdict | None:
    """Refuse parts that are not the whole, or ids that are taken."""
    left = {
        int(one["ProductLineNumber"]): quantity(one["Quantity"])
        for one in _products(case.waybill.content)
    }
    for piece in pieces:
        for one in _products(piece.content):
            left[int(one["ProductLineNumber"])] -= quantity(one["Quantity"])
    if wrong := {number: rest for number, rest in left.items() if rest != Decimal(0)}:
        number, rest = next(iter(wrong.items()))
        return refused(case.record, "ivaz.split-sum", value=f"{number}", rest=f"{rest}")
    uids = [piece.uid for piece in pieces]
    taken = Waybill.objects.filter(preparer_id=case.waybill.preparer_id, local_uid__in=uids)
    doubled = next((uid for uid in uids if uids.count(uid) > 1), "") or (
        taken.values_list("local_uid", flat=True).first() or ""
    )
    if doubled:
        return refused(case.record, "ivaz.uid-taken", value=doubled, rn="")
    return None


def _problems_of_whole(record: Record, section: Section, content: Content) -> tuple[Problem, ...]:
    """Return what is wrong with a waybill as it would be, placed at the record that makes it so."""
    number = content.get("LocalTransportDocumentNumber", "")
    element = element_of(content, node_of(section))
    if problems := tuple(schema_problems(element, record.line, number)):
        return problems
    codes = holding.codes_of([content])
    known = holding.taxpayers_by_code(codes)
    whole = Record(Section.AMENDMENT, record.position, record.line, content)
    found = problems_of(whole, Facts(clock.now(), known.__contains__))
    return tuple(problem for problem in found if any_error([problem]))


def _refused_parties(
    case: Case, records: Sequence[Record], known: Mapping[str, int]
) -> Verdict | None:
    """Refuse what names anew a consignor who has not listed the sender, or, in an e-waybill, a
    carrier or a consignee who has not consented to e-waybills."""
    before = case.waybill.content
    named = issuing.consignor_of(before)
    fresh = [one for one in records if issuing.consignor_of(one.content) != named]
    if fresh and issuing.closed_consignors(case.sender, fresh, known):
        return refused(case.record, "ivaz.not-listed", "Consignor", case.sender.code)
    silent = issuing.without_consent(records, known, before)
    missing = tuple(problem for one in records for problem in silent(one))
    return Verdict(case.record, is_taken=False, problems=missing) if missing else None


def _done(case: Case, act: Act, details: Content | None = None) -> None:
    _write(case.waybill, act, case.sender, _role(case, act), {**_told(case), **(details or {})})


def _role(case: Case, act: Act) -> Role:
    """Return in which of his roles the sender acts."""
    return next(role for role in Role if role in MOVES[act].actors & case.roles)


def _told(case: Case) -> Content:
    said = {name: value for name, value in case.record.content.items() if name != _UID}
    return {**said, **case.record.beside}


def _write(waybill: Waybill, act: Act, sender: Sender | None, role: str, details: Content) -> None:
    before, waybill.state = waybill.state, MOVES[act].to or State(waybill.state)
    waybill.save()
    WaybillEvent.objects.create(
        waybill=waybill,
        act=act,
        at=clock.now(),
        role=role,
        taxpayer_id=sender.taxpayer_id if sender else None,
        user_id=sender.user_id if sender else None,
        state_before=before,
        state_after=waybill.state,
        version=waybill.version,
        details={**details, **_pressed(sender)},
        document=sender.document if sender else None,
    )


def _pressed(sender: Sender | None) -> Content:
    """Return when an act without a signal was done, to stand beside when we learnt of it."""
    moment = sender.pressed_at if sender else None
    return {"pressed_at": moment.isoformat(timespec="seconds")} if moment else {}


def _lines(content: Content) -> set[int]:
    return {int(one["ProductLineNumber"]) for one in _products(content)}


def _products(content: Content) -> Sequence[Content]:
    found: Sequence[Content] = content["DeliveryData"]["Products"]
    return found


def _splits(content: Content) -> Sequence[Content]:
    found: Sequence[Content] = content["TransportDocumentSplits"]
    return found
