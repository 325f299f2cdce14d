"""Preliminary returns: ordered once or for every period, set up, and confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from imas.kernel.periods import Period, PeriodKind
from isaf import filing
from isaf.filing import Handed
from isaf.models import (
    PreliminaryReturn,
    Register,
    ReturnDecision,
    ReturnVersion,
    StandingReturn,
)
from isaf.return_ffdata import ffdata_of, subject_of
from isaf.returns.boxes import WHOLE
from isaf.returns.forms import FormName
from isaf.returns.standing import ReturnState
from isaf.selectors.registers import period_at
from isaf.selectors.returns import RIGHT, counting_registers, is_complete, newest_version
from isaf.services.computing import fill_boxes
from representation.models import TaxPeriodKind, VatRegistration
from representation.services import journal
from representation.types import Acting, system_acting

MOST_PERIODS = 24
"""So many periods may be ordered at once."""


def order_returns(
    acting: Acting, periods: Sequence[Period], forms: Sequence[FormName]
) -> list[PreliminaryReturn]:
    """Order forms for ended periods; what was ordered before is computed anew.

    Each is computed as soon as the registers of issued and received invoices of its whole period
    are submitted. UnprocessableError: "return-periods-missing", "return-periods-too-many",
    "return-forms-missing", "return-period-not-ended" (but for whoever is no VAT payer any more),
    "return-period-other" where it is no month, quarter or half-year.
    """
    acting.require_wholly(RIGHT)
    _refuse_wrong(acting, periods, forms)
    with transaction.atomic():
        return [_ordered(acting, period, form) for period in sorted(set(periods)) for form in forms]


def order_for_every_period(acting: Acting, forms: Sequence[FormName]) -> None:
    """Have these forms drafted for every tax period to come; none stops it."""
    acting.require_wholly(RIGHT)
    with transaction.atomic():
        if forms:
            StandingReturn.objects.update_or_create(
                taxpayer_id=acting.taxpayer_id,
                defaults={
                    "forms": sorted(set(forms)),
                    "ordered_by_id": acting.person_id,
                    "ordered_at": clock.now(),
                },
            )
        else:
            StandingReturn.objects.filter(taxpayer_id=acting.taxpayer_id).delete()
        journal(acting, "isaf.returns-standing", acting.taxpayer_code, forms=", ".join(forms))


def registers_changed(register: Register) -> list[UUID]:
    """Have the returns computed that a register belongs to, now that it counts or no longer does.

    Called in the transaction of the move. A later return that an invoice was postponed to is
    computed anew too; a standing order makes the return of the period first. Returns what is due.
    """
    standing = StandingReturn.objects.filter(taxpayer_id=register.taxpayer_id).first()
    if standing:
        period = _tax_period(register)
        if is_complete(period, counting_registers(register.taxpayer_id, period)):
            acting = system_acting(register.taxpayer, ())
            for form in standing.forms:
                _made(acting, period, FormName(form))
    own = PreliminaryReturn.objects.filter(taxpayer_id=register.taxpayer_id)
    own.filter(start__lte=register.start, end__gte=register.end).make_due()
    postponed = ReturnDecision.objects.filter(
        taxpayer_id=register.taxpayer_id, until__gt=register.end
    )
    for day in set(postponed.values_list("until", flat=True)):
        own.filter(start__lte=day, end__gte=day).make_due()
    return list(own.due().values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Settings:
    """Boxes 28, 10 and 9 of FR0600; whether a correction of FR0564 gives changed lines alone."""

    percent: int = WHOLE
    activity: str = ""
    is_last: bool = False
    by_lines: bool = False


def set_up(acting: Acting, return_id: UUID, asked: Settings) -> None:
    """Set the data of a return; the newest version follows at once.

    UnprocessableError("return-percent-wrong") outside 0 to 95 and 100 (check C16 of the form),
    ("return-activity-wrong") unless it has four or six digits, ("return-by-lines-wrong") for what
    is no correction of FR0564; as `draft_of` refuses.
    """
    percent, activity = asked.percent, asked.activity
    if not 0 <= percent <= WHOLE or 95 < percent < WHOLE:
        raise UnprocessableError("return-percent-wrong", percent=str(percent))
    if activity and not (activity.isdecimal() and len(activity) in {4, 6}):
        raise UnprocessableError("return-activity-wrong")
    with transaction.atomic():
        version = draft_of(acting, return_id)
        found = version.of
        if asked.by_lines and not (version.corrects and found.form == FormName.LIST):
            raise UnprocessableError("return-by-lines-wrong")
        for holder in (found, version):
            holder.percent, holder.is_last, holder.by_lines = percent, asked.is_last, asked.by_lines
            holder.activity = activity.ljust(6, "0") if activity else ""
        found.save()
        fill_boxes(version)
        version.save()
        journal(acting, "isaf.return-set-up", found.number, percent=str(percent), activity=activity)


def confirm(acting: Acting, return_id: UUID, number: int) -> ReturnVersion:
    """Confirm the version that was looked at: from now on it never changes, and goes to EDS.

    ConflictError("return-changed") when a newer one was computed meanwhile, or it is due; as
    `draft_of` refuses.
    """
    with transaction.atomic():
        version = draft_of(acting, return_id)
        if version.number != number or version.of.state != ReturnState.READY:
            raise ConflictError("return-changed", number=version.of.number)
        version.confirmed_at, version.confirmed_by_id = clock.now(), acting.person_id
        version.save()
        journal(acting, "isaf.return-confirmed", version.of.number, version=str(number))
        _hand_over(acting, version)
    return version


def correct(acting: Acting, return_id: UUID) -> PreliminaryReturn:
    """Begin a correction of a confirmed return: a new version with box 8 = 2."""
    acting.require_wholly(RIGHT)
    with transaction.atomic():
        found = _locked(acting, return_id)
        make_due(found)
        journal(acting, "isaf.return-correction-begun", found.number)
    return found


def draft_of(acting: Acting, return_id: UUID) -> ReturnVersion:
    """Lock a return and return its newest version, which may still be changed.

    NotFoundError("return-not-found"), ConflictError("return-not-computed") before the first,
    ("return-confirmed") when it is confirmed: begin a correction.
    """
    acting.require_wholly(RIGHT)
    found = _locked(acting, return_id)
    version = newest_version(found)
    if version is None:
        raise ConflictError("return-not-computed", number=found.number)
    if version.confirmed_at:
        raise ConflictError("return-confirmed", number=found.number)
    version.of = found
    return version


def make_due(found: PreliminaryReturn) -> None:
    """Have a locked return computed anew."""
    found.state, found.due_since = ReturnState.DUE, clock.now()
    found.claimed_at, found.attempts = None, 0
    found.save()


def _hand_over(acting: Acting, version: ReturnVersion) -> None:
    if office := filing.office():
        found = version.of
        name = f"{found.form} {found.period.code} {version.number}.ffdata".replace("/", "–")
        content = ffdata_of(version)
        office.hand_over(acting, Handed(subject_of(version), found.form, name, content))


def _locked(acting: Acting, return_id: UUID) -> PreliminaryReturn:
    found = PreliminaryReturn.objects.visible_to(acting).select_for_update()
    if (one := found.filter(pk=return_id).first()) is None:
        raise NotFoundError("return-not-found")
    return one


def _ordered(acting: Acting, period: Period, form: FormName) -> PreliminaryReturn:
    made = _made(acting, period, form)
    make_due(made)
    journal(acting, "isaf.return-ordered", made.number, form=form, period=period.code)
    return made


def _made(acting: Acting, period: Period, form: FormName) -> PreliminaryReturn:
    made, is_new = PreliminaryReturn.objects.get_or_create(
        taxpayer_id=acting.taxpayer_id,
        form=form,
        start=period.start,
        end=period.end,
        defaults={
            "state": ReturnState.WAITING,
            "ordered_by_id": acting.person_id,
            "number": _next_number(),
        },
    )
    if is_new and (last := _last_before(made)):
        made.percent, made.activity = last.percent, last.activity
        made.save()
    return made


def _last_before(made: PreliminaryReturn) -> PreliminaryReturn | None:
    earlier = PreliminaryReturn.objects.filter(
        taxpayer_id=made.taxpayer_id, form=made.form, start__lt=made.start
    )
    return earlier.order_by("-start").first()


def _refuse_wrong(acting: Acting, periods: Sequence[Period], forms: Sequence[FormName]) -> None:
    if not periods:
        raise UnprocessableError("return-periods-missing")
    if not forms:
        raise UnprocessableError("return-forms-missing")
    if len(periods) > MOST_PERIODS:
        raise UnprocessableError("return-periods-too-many", limit=str(MOST_PERIODS))
    for period in periods:
        if period.kind is PeriodKind.OTHER:
            raise UnprocessableError("return-period-other", period=period.code)
        if period.end >= clock.today() and _is_payer(acting):
            raise UnprocessableError("return-period-not-ended", period=period.code)


def _is_payer(acting: Acting) -> bool:
    registrations = VatRegistration.objects.filter(taxpayer_id=acting.taxpayer_id)
    return registrations.on(clock.today()).exists()


def _tax_period(register: Register) -> Period:
    kinds = TaxPeriodKind.objects.filter(taxpayer_id=register.taxpayer_id).on(register.start)
    kind = kinds.values_list("kind", flat=True).first()
    return period_at(PeriodKind(kind) if kind else None, register.start)


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('isaf_return_number')")
        return f"PD-{clock.today().year}-{cursor.fetchone()[0]:07}"
