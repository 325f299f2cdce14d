"""A waybill as it stands, its parties, its earlier versions and its events.

A file writes rows by the hundred thousand, so no index is kept twice: a key that begins another
index has none of its own, nor has one by which nothing is ever asked (`db_index=False`;
docs/ivaz/waybills.md names each).
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from imas.kernel import clock
from intake.models import Document
from ivaz.types import WAYBILLS, Act, Role, State
from representation.models import Taxpayer

_STATES = [(state, state) for state in State]
_ACTS = [(act, act) for act in Act]
_ROLES = [(role, role) for role in Role]
_KINDS = [(kind, kind) for kind in WAYBILLS]


class Waybill(models.Model):
    """A waybill as its newest version has it; `rn` is the number it was registered under.

    `content` is the record (`ivaz.types.Content`); the fields beside it are what is looked for
    (`number_key`: the number as officers search it). A waybill is the preparer's by `local_uid`.
    `due_on` is the day until which the consignee may speak: after it the waybill closes by itself.
    `is_different` tells that the consignee received something else than was told, `is_objected`
    that the consignor denies it.
    """

    id = models.BigAutoField(primary_key=True)
    rn = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=24, choices=_KINDS)
    preparer = models.ForeignKey(
        Taxpayer, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    local_uid = models.CharField(max_length=40)
    number = models.CharField(max_length=35)
    number_key = models.CharField(max_length=70, blank=True)
    dated = models.DateField()
    dispatch_at = models.DateTimeField()
    arrival_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=_STATES, default=State.SENT)
    version = models.PositiveIntegerField(default=1)
    content = models.JSONField()
    plates = ArrayField(models.CharField(max_length=10), default=list)
    is_warned = models.BooleanField(default=False)
    is_different = models.BooleanField(default=False)
    is_objected = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(default=clock.now)
    due_on = models.DateField(null=True)
    split_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="splits",
        null=True,
        blank=True,
        db_index=False,
    )

    class Meta:
        ordering = ["-dispatch_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["preparer", "local_uid"], name="ivaz_waybill_uid"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="ivaz_waybill_state"),
        ]
        indexes = [
            models.Index(fields=["number"], name="ivaz_waybill_number"),
            models.Index(
                fields=["number_key"], condition=~Q(number_key=""), name="ivaz_waybill_number_key"
            ),
            GinIndex(fields=["plates"], name="ivaz_waybill_plates"),
            models.Index(
                fields=["due_on"],
                condition=~Q(state__in=[State.CLOSED, State.CANCELLED, State.SPLIT]),
                name="ivaz_waybill_due",
            ),
            models.Index(
                fields=["split_of"], condition=~Q(split_of=None), name="ivaz_waybill_splits"
            ),
        ]

    def __str__(self) -> str:
        return self.rn


class WaybillWords(models.Model):
    """The words a waybill is found by (`ivaz.terms`), beside it: they are long and never read."""

    waybill = models.OneToOneField(
        Waybill, on_delete=models.CASCADE, related_name="words", primary_key=True
    )
    terms = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["terms"], name="ivaz_waybillwords_terms")]

    def __str__(self) -> str:
        return f"{self.pk}"


class WaybillParty(models.Model):
    """A registered taxpayer who is named in a waybill, with all his roles in it.

    What few waybills of many are is repeated beside the party, so that a list finds them without
    going through the rest: `is_open`, something is still to come; `settled`, the state of one that
    is neither open nor closed; `is_different`, what came differs or it was warned of.

    `changed` numbers the changes of the taxpayer's waybills in the order in which he may learn of
    them; none yet: something happened since he last asked (`ivaz.services.following`).
    """

    id = models.BigAutoField(primary_key=True)
    waybill = models.ForeignKey(
        Waybill, on_delete=models.CASCADE, related_name="parties", db_index=False
    )
    taxpayer = models.ForeignKey(
        Taxpayer, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    roles = ArrayField(models.CharField(max_length=11, choices=_ROLES))
    dispatch_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    settled = models.CharField(max_length=9, blank=True, default="", db_default="")
    is_different = models.BooleanField(default=False, db_default=False)
    changed = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["waybill", "taxpayer"], name="ivaz_waybillparty_once"),
            models.UniqueConstraint(
                fields=["taxpayer", "changed"],
                condition=Q(changed__isnull=False),
                name="ivaz_waybillparty_told",
            ),
        ]
        indexes = [
            models.Index(
                fields=["taxpayer", "id"],
                condition=Q(changed=None),
                name="ivaz_waybillparty_untold",
            ),
            models.Index(
                fields=["taxpayer", "-dispatch_at", "-waybill"], name="ivaz_waybillparty_list"
            ),
            models.Index(
                fields=["taxpayer", "-dispatch_at", "-waybill"],
                condition=Q(is_open=True),
                name="ivaz_waybillparty_open",
            ),
            # Who has much of one kind and little of another would look for it among all he has.
            models.Index(
                fields=["taxpayer", "settled", "-dispatch_at", "-waybill"],
                condition=~Q(settled=""),
                name="ivaz_waybillparty_settled",
            ),
            models.Index(
                fields=["taxpayer", "-dispatch_at", "-waybill"],
                condition=Q(is_different=True),
                name="ivaz_waybillparty_different",
            ),
            *(
                models.Index(
                    fields=["taxpayer", "-dispatch_at", "-waybill"],
                    condition=Q(roles__contains=[role]),
                    name=f"ivaz_waybillparty_{role}",
                )
                for role in Role
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taxpayer_id} {' '.join(self.roles)}"


class WaybillVersion(models.Model):
    """What a waybill held until an act changed it; what it holds now is its own `content`.

    None is ever changed. A version began when the one before it ended, the first when the waybill
    was submitted.
    """

    id = models.BigAutoField(primary_key=True)
    waybill = models.ForeignKey(
        Waybill, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    content = models.JSONField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["waybill", "number"], name="ivaz_waybillversion_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.waybill_id} {self.number}"


class WaybillEvent(models.Model):
    """What was done to a waybill, by whom and in which role; `details` is the record that said it.

    Nobody (no taxpayer) is the house itself: it closes what nobody spoke of in time.
    """

    id = models.BigAutoField(primary_key=True)
    waybill = models.ForeignKey(
        Waybill, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    act = models.CharField(max_length=7, choices=_ACTS)
    at = models.DateTimeField()
    role = models.CharField(max_length=11, choices=_ROLES, blank=True)
    taxpayer = models.ForeignKey(
        Taxpayer,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    state_before = models.CharField(max_length=9, choices=_STATES, blank=True)
    state_after = models.CharField(max_length=9, choices=_STATES)
    version = models.PositiveIntegerField()
    details = models.JSONField(default=dict)
    document = models.ForeignKey(
        Document, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["waybill", "id"], name="ivaz_waybillevent_line")]

    def __str__(self) -> str:
        return f"{self.waybill_id} {self.act}"


class TransportOrder(models.Model):
    """An order to carry goods, from which a carrier or a consignor makes a waybill later."""

    id = models.BigAutoField(primary_key=True)
    preparer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    given_at = models.DateTimeField(default=clock.now)
    document = models.ForeignKey(
        Document, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["preparer", "-id"], name="ivaz_transportorder_list")]

    def __str__(self) -> str:
        return f"{self.pk}"
