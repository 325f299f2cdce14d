"""Records taken: each judged by itself, in the order in which they stand."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from django.db import IntegrityError, transaction
from django.db.models import Q

from imas.kernel import clock
from imas.kernel.problems import any_error
from ivaz.models import TransportOrder, Waybill
from ivaz.rules import Facts, problems_of
from ivaz.services import holding
from ivaz.services.changing import Case, change, tell_anew
from ivaz.services.holding import Sender
from ivaz.services.issuing import issue
from ivaz.services.verdicts import Verdict, refused
from ivaz.types import WAYBILLS, Record, Section

Then = Callable[[Sequence[Verdict]], None]


def take(
    sender: Sender,
    records: Sequence[Record],
    *,
    dry_run: bool = False,
    then: Then | None = None,
) -> list[Verdict]:
    """Do what records say, each by itself: a wrong one is refused and the others are taken.

    All of it is one transaction, with what `then` does about the verdicts; a dry run undoes it and
    asks for no `then`. Returns a verdict for each, in their order.
    """
    attempt = partial(_done, sender, records, then, dry_run=dry_run)
    try:
        return attempt()
    except IntegrityError:
        # Another submission of the same preparer has registered one of them meanwhile. All of it is
        # done again: to undo less would take a savepoint, two statements of each waybill.
        return attempt()


def _done(
    sender: Sender,
    records: Sequence[Record],
    then: Then | None,
    *,
    dry_run: bool,
) -> list[Verdict]:
    with transaction.atomic():
        verdicts = [
            verdict
            for section, group in groupby(records, lambda record: record.section)
            for verdict in _taken(sender, section, list(group))
        ]
        if dry_run:
            transaction.set_rollback(True)
        elif then:
            then(verdicts)
    return verdicts


def _taken(sender: Sender, section: Section, records: Sequence[Record]) -> list[Verdict]:
    valid = [record for record in records if not any_error(record.problems)]
    if section in WAYBILLS:
        taken = iter(issue(sender, valid))
    elif section is Section.ORDER:
        taken = iter(_ordered(sender, valid))
    else:
        taken = iter(_changed(sender, valid))
    return [
        Verdict(record, is_taken=False, problems=record.problems)
        if any_error(record.problems)
        else next(taken)
        for record in records
    ]


def _ordered(sender: Sender, records: Sequence[Record]) -> list[Verdict]:
    known = holding.taxpayers_by_code(holding.codes_of(record.content for record in records))
    facts = Facts(clock.now(), known.__contains__)
    verdicts = []
    for record in records:
        problems = tuple(problems_of(record, facts))
        verdicts.append(Verdict(record, not any_error(problems), problems=problems))
    TransportOrder.objects.bulk_create(
        TransportOrder(
            preparer_id=sender.taxpayer_id,
            content=dict(one.record.content),
            document=sender.document,
        )
        for one in verdicts
        if one.is_taken
    )
    return verdicts


def _changed(sender: Sender, records: Sequence[Record]) -> list[Verdict]:
    """Return the verdict of each record on a waybill that stands."""
    locked = _locked(sender, records)
    verdicts: list[Verdict] = []
    changed: list[Waybill] = []
    for record in records:
        found = _named(sender, record, locked)
        if isinstance(found, Verdict):
            verdicts.append(found)
            continue
        verdicts.append(change(Case(sender, record, found)))
        if verdicts[-1].is_taken:
            changed.append(found)
    tell_anew(changed)
    return verdicts


def _locked(sender: Sender, records: Sequence[Record]) -> list[Waybill]:
    """Lock the waybills that are named, of those the sender is in."""
    named = Q(rn__in={record.rn for record in records if record.rn}) | Q(
        local_uid__in={record.uid for record in records if record.uid}
    )
    mine = Waybill.objects.filter(named, parties__taxpayer_id=sender.taxpayer_id)
    return list(mine.order_by("pk").select_for_update(of=("self",)))


def _named(sender: Sender, record: Record, locked: Sequence[Waybill]) -> Waybill | Verdict:
    """Return the waybill a record names.

    An id is looked for among the sender's own waybills first; of another's it must be the only one.
    """
    if record.rn:
        found = [one for one in locked if one.rn == record.rn]
    else:
        found = [one for one in locked if one.local_uid == record.uid]
        own = [one for one in found if one.preparer_id == sender.taxpayer_id]
        found = own or found
    if not found:
        return refused(record, "ivaz.waybill-unknown", value=record.rn or record.uid)
    if len(found) > 1:
        return refused(record, "ivaz.waybill-ambiguous", value=record.uid)
    return found[0]
