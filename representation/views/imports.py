"""Officers' pages: files of registers, their previews, and the decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.stepup import demand_second_factor
from imas.kernel.errors import ConflictError, RefusedDocumentError
from imas.web.messages import words_for
from imas.web.paging import Keyset
from representation.models import ImportRun
from representation.register_forms import ImportForm
from representation.registers import selectors
from representation.registers.presenting import problem_words
from representation.registers.types import RegisterKind, RunSource
from representation.registers.words import DEEDS, KINDS, STATES
from representation.services.importing import (
    ImportOrder,
    apply_import,
    drop_import,
    import_register,
)
from representation.services.officers import Officer, officer_of

LATEST = Keyset("created_at", "id", descending=True)
_COUNTS = ("added", "changed", "ended", "removed", "unchanged", "refused")


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """List the files, the newest first."""
    officer_of(request.user)
    page = LATEST.page(selectors.imports(), request.GET.get("cursor", ""))
    rows = [{"run": run, "kind": KINDS[run.kind], "state": STATES[run.state]} for run in page.rows]
    return render(request, "representation/imports.html", {"rows": rows, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def new_import(request: HttpRequest) -> HttpResponse:
    """Take a file in and show what it would change."""
    officer = officer_of(request.user)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (run := _taken(officer, form)):
        return redirect("representation:import", run_id=run.pk)
    return render(request, "representation/import_new.html", {"form": form})


@require_safe
def import_shown(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show what a file would change, or changed."""
    officer_of(request.user)
    return render(request, "representation/import.html", _told(selectors.find_import(run_id)))


@require_POST
def import_apply(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Apply a file that waits, without its refused rows when it has any."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    skips = request.POST.get("skip_refused") == "yes"
    try:
        apply_import(officer, run_id, skips_refused=skips)
        messages.success(request, gettext("The register is changed."))
    except ConflictError as refusal:
        title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
        messages.warning(request, f"{title}. {detail}")
    return redirect("representation:import", run_id=run_id)


@require_POST
def import_drop(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Let a file that waits go."""
    drop_import(officer_of(request.user), run_id)
    messages.success(request, gettext("The file is dropped; nothing of it was applied."))
    return redirect("representation:imports")


def _taken(officer: Officer, form: ImportForm) -> ImportRun | None:
    document = form.cleaned_data["document"]
    kind = RegisterKind(form.cleaned_data["kind"])
    order = ImportOrder(kind, RunSource.PORTAL, filename=document.name)
    try:
        return import_register(officer, order, document.file)
    except RefusedDocumentError as refusal:
        title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
        form.add_error("document", f"{title}. {detail}")
        return None


def _told(run: ImportRun) -> dict[str, Any]:
    changes = [
        {
            "deed": DEEDS[change["deed"]],
            "row": change["row"],
            "code": change["code"],
            "before": _facts(change["before"]),
            "after": _facts(change["after"]),
        }
        for change in run.examples
    ]
    problems = [{**one, "words": problem_words(one["code"])} for one in run.problems]
    stats = [(name, getattr(run, name)) for name in _COUNTS]
    return {
        "run": run,
        "kind": KINDS[run.kind],
        "state": STATES[run.state],
        "stats": dict(stats),
        "changes": changes,
        "problems": problems,
    }


def _facts(fact: dict[str, str | None] | None) -> str:
    """A fact on one line: its values, then its days."""
    if fact is None:
        return ""
    days = [fact.get("since"), fact.get("until")] if "since" in fact else []
    values = [value for name, value in fact.items() if value and name not in {"since", "until"}]
    run_of_days = " – ".join(day or "" for day in days).strip()
    return " · ".join([*values, *([run_of_days] if run_of_days else [])])
