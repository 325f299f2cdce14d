"""What i.SAF puts on the start page: what is due, latest files, cross-check, VAT by month."""

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, pgettext

from imas.kernel import clock
from imas.web import home
from imas.web.home import Due, HomeCard, Task
from imas.web.periods import period_name
from isaf import selectors
from isaf.pages.crosscheck import shares
from isaf.selectors import PeriodLine, pairs
from isaf.selectors.pairs import PairQuery
from isaf.selectors.summing import Summary
from isaf.templatetags.isaf import register_state, register_type
from isaf.types import RegisterState
from representation.types import Acting

LATEST_FILES = 5


def register() -> None:
    """Put the tasks and cards of this subsystem on the start page."""
    home.register_tasks(due_tasks)
    home.register_card(files_card)
    home.register_card(crosscheck_card)
    home.register_card(vat_card)
    home.register_dues(clients_due)


def due_tasks(acting: Acting) -> Iterable[Task]:
    """Name what must still be submitted for the periods that are over."""
    if not acting.may("isaf.view"):
        return []
    return [task for line in selectors.due_lines(acting) for task in _tasks(line)]


def files_card(acting: Acting) -> HomeCard | None:
    """Show the latest files."""
    if not acting.may("isaf.view"):
        return None
    return HomeCard(
        title=gettext_lazy("Latest files"),
        template="isaf/home_files.html",
        context={"files": selectors.recent_files(acting)[:LATEST_FILES]},
        order=60,
        is_wide=True,
        url=reverse("isaf:files"),
        link=gettext_lazy("All files"),
    )


def crosscheck_card(acting: Acting) -> HomeCard | None:
    """Show how the latest submitted period agrees with what counterparties told."""
    if not acting.may("isaf.crosscheck"):
        return None
    period = pairs.latest_period(acting)
    summary = pairs.summary_of(acting, period, PairQuery()) if period else Summary()
    address = reverse("isaf:crosschecks")
    return HomeCard(
        title=gettext_lazy("Cross-check"),
        template="isaf/home_crosscheck.html",
        context={
            "period": period,
            "summary": summary,
            "shares": shares(
                summary.states,
                period.start if period else clock.today(),
                lambda state: f"{address}?state={state}",
            ),
        },
        order=20,
        url=address,
        link=gettext_lazy("Side by side"),
    )


def vat_card(acting: Acting) -> HomeCard | None:
    """Show the VAT of the registers that count, by month."""
    if not acting.may("isaf.view"):
        return None
    months = selectors.vat_by_month(acting)
    return HomeCard(
        title=gettext_lazy("VAT by tax period"),
        template="isaf/home_vat.html",
        context={
            "has_any": bool(months),
            "series": [
                {"name": pgettext("invoices", "Issued")},
                {"name": pgettext("invoices", "Received")},
            ],
            "rows": [
                {"label": month.start.strftime("%Y-%m"), "values": [month.issued, month.received]}
                for month in months
            ],
        },
        order=30,
        is_wide=True,
        url=reverse("isaf:registers"),
        link=gettext_lazy("Registers"),
    )


def clients_due(taxpayer_ids: Sequence[int]) -> Mapping[int, Due]:
    """Say for each of many taxpayers where the registers of the last ended period stand."""
    return {
        taxpayer_id: Due(
            deadline=line.deadline,
            title=gettext("i.SAF, %(period)s") % {"period": period_name(line.period)},
            state="done" if line.is_done else "waiting",
            word=gettext("Submitted") if line.is_done else gettext("Not submitted"),
            url=reverse("isaf:registers"),
        )
        for taxpayer_id, line in selectors.last_lines(taxpayer_ids, clock.today()).items()
    }


def _tasks(line: PeriodLine) -> Iterable[Task]:
    """One task for every register that waits; one to send the file when there is none."""
    period = period_name(line.period)
    if not line.registers:
        yield Task(
            deadline=line.deadline,
            title=gettext("Send the i.SAF registers of %(period)s") % {"period": period},
            text=gettext("Nothing has been sent for this period yet."),
            url=reverse("isaf:upload"),
            link=gettext("Send a file"),
        )
    for register in line.registers:
        if register.state == RegisterState.PREPARING:
            has_errors = bool(register.all_errors)  # type: ignore[attr-defined]
            yield Task(
                deadline=line.deadline,
                title=gettext("%(register)s, %(period)s")
                % {"register": register_type(register.type), "period": period},
                text=gettext("Errors must be corrected before it can be submitted.")
                if has_errors
                else gettext("Ready to be submitted."),
                url=reverse("isaf:register", args=[register.number]),
                link=gettext("Open the register"),
            )
        elif register.state == RegisterState.REJECTED:
            yield Task(
                deadline=line.deadline,
                title=gettext("%(register)s, %(period)s")
                % {"register": register_type(register.type), "period": period},
                text=register_state(register.state),
                url=reverse("isaf:register-problems", args=[register.number]),
                link=gettext("See the errors"),
            )
