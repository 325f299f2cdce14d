"""Shapes of waybills in the web service; contents are named as the elements of the format."""

from typing import Any

from rest_framework import serializers

from imas.kernel.problems import Problem
from intake.presenting import LANGUAGES, problem_message
from ivaz.models import RecordVerdict, Waybill, WaybillEvent, WaybillParty
from ivaz.selectors import KIND
from ivaz.services.verdicts import Verdict
from ivaz.types import WAYBILLS, Act, ReloadReason, Role, Section, State


class RecordsIn(serializers.Serializer[Any]):
    """Records by section, each an object named as its element in the format 1.3.3.

    Lists stand without their wrappers: `"Products": [{…}, {…}]`; what is nil in XML is null.
    """

    eTransportDocument = serializers.ListField(child=serializers.DictField(), required=False)  # noqa: N815
    TransportDocument = serializers.ListField(child=serializers.DictField(), required=False)
    TransportDocumentAmendment = serializers.ListField(
        child=serializers.DictField(), required=False
    )
    CargoSplitting = serializers.ListField(child=serializers.DictField(), required=False)
    ReceiptConfirmation = serializers.ListField(child=serializers.DictField(), required=False)
    Cancellation = serializers.ListField(child=serializers.DictField(), required=False)
    Order = serializers.ListField(child=serializers.DictField(), required=False)


class ReloadIn(serializers.Serializer[Any]):
    """Vehicles, drivers or both, as Transporter has them in the format 1.3.3, and why."""

    TransportMeans = serializers.ListField(
        child=serializers.DictField(), allow_empty=False, required=False
    )
    Drivers = serializers.ListField(
        child=serializers.DictField(), allow_empty=False, required=False
    )
    reason = serializers.ChoiceField(list(ReloadReason))
    explanation = serializers.CharField(
        max_length=256, default="", allow_blank=True, help_text="Needed for the reason `other`."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for at least one of the two."""
        if not {"TransportMeans", "Drivers"} & set(attrs):
            raise serializers.ValidationError({"TransportMeans": ["TransportMeans | Drivers"]})
        return attrs


class WaybillProblemOut(serializers.Serializer[Any]):
    """What is wrong with a record, in both languages."""

    code = serializers.CharField()
    severity = serializers.CharField()
    reason = serializers.CharField()
    path = serializers.CharField()
    value = serializers.CharField()
    message = serializers.DictField(child=serializers.CharField())


class VerdictOut(serializers.Serializer[Any]):
    """What became of one record; `rn` is the registration number of its waybill."""

    section = serializers.ChoiceField(list(Section))
    position = serializers.IntegerField()
    uid = serializers.CharField()
    number = serializers.CharField()
    is_taken = serializers.BooleanField()
    rn = serializers.CharField()
    problems = WaybillProblemOut(many=True)


class VerdictsOut(serializers.Serializer[Any]):
    """Verdicts in the order of the records; `next` is the cursor of the following page."""

    items = VerdictOut(many=True)
    next = serializers.CharField(allow_null=True)


class WaybillOut(serializers.Serializer[Any]):
    """A waybill in brief, with the roles of the taxpayer acted for."""

    rn = serializers.CharField()
    kind = serializers.ChoiceField(list(WAYBILLS))
    uid = serializers.CharField()
    number = serializers.CharField()
    dated = serializers.DateField()
    state = serializers.ChoiceField(list(State))
    is_warned = serializers.BooleanField()
    dispatch_at = serializers.DateTimeField()
    arrival_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    plates = serializers.ListField(child=serializers.CharField())
    roles = serializers.ListField(child=serializers.ChoiceField(list(Role)))
    version = serializers.IntegerField()


class WaybillPageOut(serializers.Serializer[Any]):
    """A page of waybills; `next` is the cursor of the following one, null on the last."""

    items = WaybillOut(many=True)
    next = serializers.CharField(allow_null=True)


class WaybillEventOut(serializers.Serializer[Any]):
    """What was done to a waybill."""

    act = serializers.ChoiceField(list(Act))
    at = serializers.DateTimeField()
    role = serializers.CharField()
    taxpayer = serializers.CharField(allow_null=True)
    state_before = serializers.CharField()
    state_after = serializers.CharField()
    version = serializers.IntegerField()
    details = serializers.JSONField()


class WaybillWholeOut(WaybillOut):
    """A waybill with its content, its events and what may be done to it now."""

    content = serializers.JSONField()
    events = WaybillEventOut(many=True)
    allowed = serializers.ListField(child=serializers.ChoiceField(list(Act)))
    split_of = serializers.CharField(allow_null=True)


def verdict_out(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as it is answered."""
    record = verdict.record
    return {
        "section": record.section,
        "position": record.position,
        "uid": record.uid,
        "number": record.number,
        "is_taken": verdict.is_taken,
        "rn": verdict.rn,
        "problems": [_problem_out(problem) for problem in verdict.problems],
    }


def waybill_out(party: WaybillParty) -> dict[str, Any]:
    """Return a waybill in brief."""
    return _brief(party.waybill, list(party.roles))


def whole_out(
    waybill: Waybill, roles: frozenset[Role], events: list[WaybillEvent], allowed: list[Act]
) -> dict[str, Any]:
    """Return a waybill with all there is to say of it."""
    return {
        **_brief(waybill, sorted(roles)),
        "content": waybill.content,
        "events": [_event_out(event) for event in events],
        "allowed": allowed,
        "split_of": waybill.split_of.rn if waybill.split_of else None,
    }


def kept_verdict_out(row: RecordVerdict) -> dict[str, Any]:
    """Return the kept verdict on a record of a file."""
    return {
        "section": row.section,
        "position": row.position,
        "uid": row.local_uid,
        "number": row.number,
        "is_taken": row.is_taken,
        "rn": row.rn,
        "problems": [_problem_out(problem) for problem in row.found],
    }


def _problem_out(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "reason": problem.reason,
        "path": problem.place.path,
        "value": problem.value,
        "message": {language: problem_message(KIND, problem, language) for language in LANGUAGES},
    }


def _brief(waybill: Waybill, roles: list[Any]) -> dict[str, Any]:
    return {
        "rn": waybill.rn,
        "kind": waybill.kind,
        "uid": waybill.local_uid,
        "number": waybill.number,
        "dated": waybill.dated,
        "state": waybill.state,
        "is_warned": waybill.is_warned,
        "dispatch_at": waybill.dispatch_at,
        "arrival_at": waybill.arrival_at,
        "due_on": waybill.due_on,
        "plates": waybill.plates,
        "roles": roles,
        "version": waybill.version,
    }


def _event_out(event: WaybillEvent) -> dict[str, Any]:
    return {
        "act": event.act,
        "at": event.at,
        "role": event.role,
        "taxpayer": event.taxpayer.name if event.taxpayer else None,
        "state_before": event.state_before,
        "state_after": event.state_after,
        "version": event.version,
        "details": event.details,
    }
