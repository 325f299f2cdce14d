"""Documents as they came, what was found in them, and answers given under an idempotency key."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from imas.kernel import clock
from imas.kernel.problems import Place, Problem, Severity
from intake import kinds
from intake.types import HELD, WAITING, Container, DocumentState, Source, Stage

if TYPE_CHECKING:
    from representation.types import Acting

_STATES = [(state.value, state.value) for state in DocumentState]
_SOURCES = [(source.value, source.value) for source in Source]
_STAGES = [(stage.value, stage.value) for stage in Stage]
_CONTAINERS = [(container.value, container.value) for container in Container]
_SEVERITIES = [(severity.value, severity.value) for severity in Severity]
_WAITING = sorted(state.value for state in WAITING)
_HELD = sorted(state.value for state in HELD)
_TEXT_KEPT = 500


class DocumentQuerySet(models.QuerySet["Document"]):
    """Questions about documents."""

    def visible_to(self, acting: "Acting") -> Self:
        """Documents of the represented taxpayer of the kinds the mandate lets one see.

        Where the right is limited one sees the documents one has sent oneself and no others.
        """
        whole = kinds.visible_with(acting.may_wholly)
        limited = [name for name in kinds.visible_with(acting.may) if name not in whole]
        shown = Q(kind__in=whole)
        if limited:
            shown |= Q(kind__in=limited, received_by=acting.user_id)
        return self.filter(shown, taxpayer_id=acting.taxpayer_id)

    def of_kind(self, name: str) -> Self:
        """Documents of one kind."""
        return self.filter(kind=name)

    def held(self) -> Self:
        """Documents whose repetition is refused: real ones waiting or accepted as a whole."""
        return self.filter(dry_run=False, state__in=_HELD, is_partial=False)

    def waiting(self) -> Self:
        """Documents whose verdict is still to come."""
        return self.filter(state__in=_WAITING)

    def first_in_line(self) -> Self:
        """Waiting documents before which no other of the same taxpayer and kind waits."""
        earlier = Document.objects.filter(
            taxpayer=OuterRef("taxpayer"),
            kind=OuterRef("kind"),
            arrival__lt=OuterRef("arrival"),
            state__in=_WAITING,
        )
        return self.waiting().filter(~Exists(earlier))

    def due(self) -> Self:
        """Documents a worker may take up now."""
        free = Q(state=DocumentState.UPLOADED) | _lost()
        return self.first_in_line().filter(free, attempts__lt=settings.INTAKE_MAX_ATTEMPTS)

    def following(self, document: "Document") -> models.QuerySet["Document", uuid.UUID]:
        """The id of the document that may be taken up once this one is finished, if any."""
        due = self.due().filter(taxpayer=document.taxpayer_id, kind=document.kind)
        return due.values_list("pk", flat=True)

    def given_up(self) -> Self:
        """Lost documents that were taken up as often as is allowed."""
        return self.filter(_lost(), attempts__gte=settings.INTAKE_MAX_ATTEMPTS)

    def claim(self, document_id: uuid.UUID) -> bool:
        """Take one due document; of any number of workers exactly one gets True."""
        now = clock.now()
        try:
            with transaction.atomic():
                changed = (
                    self.due()
                    .filter(pk=document_id)
                    .update(
                        state=DocumentState.PROCESSING,
                        stage=Stage.UNPACKING,
                        started_at=Coalesce("started_at", Value(now, output_field=DateTimeField())),
                        claimed_at=now,
                        heartbeat_at=now,
                        attempts=F("attempts") + 1,
                    )
                )
        except IntegrityError:
            # Another document of this taxpayer was taken up in the same instant.
            return False
        return changed == 1

    def claimed(self, document_id: uuid.UUID, attempt: int) -> Self:
        """The document as long as this attempt, and no later one, holds it."""
        return self.filter(pk=document_id, state=DocumentState.PROCESSING, attempts=attempt)


def _lost() -> Q:
    """Taken up, but not heard of for longer than the lease."""
    last_sign = clock.now() - timedelta(seconds=settings.INTAKE_LEASE_SECONDS)
    return Q(state=DocumentState.PROCESSING, heartbeat_at__lt=last_sign)


class Document(models.Model):
    """A document a taxpayer sent, with its receipt and verdict; its content is never changed.

    `arrival` numbers documents in the order they came. `bytes_read` and `total_bytes` count the
    unpacked content, `size` the bytes sent. `errors`, `warnings` and `notes` are exact totals.
    `limits` are those of its sender's right when it came: any one of them suffices, none is whole.
    `is_partial` tells of an accepted one that some of its records were refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    arrival = models.BigIntegerField(unique=True, editable=False)
    number = models.CharField(max_length=32, unique=True, editable=False)
    taxpayer = models.ForeignKey(
        "representation.Taxpayer", on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=16)
    source = models.CharField(max_length=16, choices=_SOURCES)
    dry_run = models.BooleanField(default=False)
    filename = models.CharField(max_length=255, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    container = models.CharField(max_length=8, choices=_CONTAINERS, blank=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    storage_name = models.CharField(max_length=120, blank=True)
    idempotency_key = models.CharField(max_length=300, blank=True)
    limits = models.JSONField(default=list, blank=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="documents",
        null=True,
    )
    first_copy = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="copies", null=True, blank=True
    )

    state = models.CharField(max_length=16, choices=_STATES)
    stage = models.CharField(max_length=16, choices=_STAGES, default=Stage.RECEIVED.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    bytes_read = models.BigIntegerField(default=0)
    total_bytes = models.BigIntegerField(default=0)
    records = models.BigIntegerField(default=0)

    refusal_code = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    is_partial = models.BooleanField(default=False)
    registers = models.JSONField(default=list, blank=True)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    notes = models.PositiveIntegerField(default=0)
    problems_kept = models.PositiveIntegerField(default=0)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-arrival"]
        indexes: ClassVar = [
            models.Index(fields=["taxpayer", "kind", "-arrival"], name="intake_document_list"),
            models.Index(
                fields=["taxpayer", "kind", "arrival"],
                condition=Q(state__in=_WAITING),
                name="intake_document_line",
            ),
            models.Index(
                fields=["finished_at"],
                condition=Q(state=DocumentState.FAILED.value),
                name="intake_document_failed",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(state.value for state in DocumentState)),
                name="intake_document_state",
            ),
            models.UniqueConstraint(
                fields=["taxpayer", "kind"],
                condition=Q(state=DocumentState.PROCESSING.value),
                name="intake_document_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["taxpayer", "kind", "sha256"],
                condition=Q(dry_run=False, state__in=_HELD, is_partial=False),
                name="intake_document_not_twice",
            ),
            models.UniqueConstraint(
                fields=["taxpayer", "kind", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="intake_document_idempotency",
            ),
        ]

    def __str__(self) -> str:
        """Return the receipt number."""
        return self.number

    @property
    def is_waiting(self) -> bool:
        """Whether the verdict is still to come."""
        return self.state in WAITING

    @property
    def problems_found(self) -> int:
        """How many problems were found, kept or not."""
        return self.errors + self.warnings + self.notes

    @property
    def has_more_problems(self) -> bool:
        """Whether more was found than is kept (official ERROR_LIMIT_REACHED)."""
        return self.problems_found > self.problems_kept


class ProblemRow(models.Model):
    """One finding as stored: a code and its place, in no language."""

    position = models.PositiveIntegerField()
    code = models.CharField(max_length=64)
    reason = models.CharField(max_length=64, blank=True)
    severity = models.CharField(max_length=8, choices=_SEVERITIES)
    line = models.PositiveIntegerField(null=True, blank=True)
    column = models.PositiveIntegerField(null=True, blank=True)
    path = models.TextField(blank=True)
    register = models.CharField(max_length=40, blank=True)
    invoice_no = models.CharField(max_length=80, blank=True)
    value = models.TextField(blank=True)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def values_of(cls, problem: Problem, position: int) -> dict[str, Any]:
        """Return the columns that keep a finding; over-long texts are cut."""
        place = problem.place
        return {
            "position": position,
            "code": problem.code,
            "reason": problem.reason,
            "severity": problem.severity.value,
            "line": place.line,
            "column": place.column,
            "path": place.path[:_TEXT_KEPT],
            "register": place.register[:40],
            "invoice_no": place.invoice_no[:80],
            "value": problem.value[:_TEXT_KEPT],
            "params": {name: str(value)[:_TEXT_KEPT] for name, value in problem.params.items()},
        }

    @property
    def problem(self) -> Problem:
        """The finding as a value."""
        place = Place(self.line, self.column, self.path, self.register, self.invoice_no)
        return Problem(
            self.code,
            Severity(self.severity),
            place,
            self.value,
            self.params,
            self.reason,
        )


class DocumentProblem(ProblemRow):
    """A finding in a document, in the order of finding."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="problems")

    class Meta:
        ordering = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "position"], name="intake_documentproblem_position"
            )
        ]

    def __str__(self) -> str:
        """Return the code and where it was found."""
        return f"{self.code} {self.path}"


class ProblemTotal(models.Model):
    """How often a code was found in a document, exactly."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="totals")
    code = models.CharField(max_length=64)
    severity = models.CharField(max_length=8, choices=_SEVERITIES)
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["code", "severity"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "code", "severity"], name="intake_problemtotal_once"
            )
        ]

    def __str__(self) -> str:
        """Return the code and its count."""
        return f"{self.code} x {self.count}"


class IdempotencyRecord(models.Model):
    """The answer given to a request under its Idempotency-Key; without a status it is running.

    `scope` is a digest of the key's owner, taxpayer and address. Records are kept as long as the
    documents, that is for ever.
    """

    scope = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.JSONField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "key"], name="intake_idempotencyrecord_once")
        ]

    def __str__(self) -> str:
        """Return the key."""
        return self.key
