"""Tags and filters every page may use: amounts, dates, icons, form controls."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.templatetags.static import static
from django.utils import formats, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from imas.kernel import clock

if TYPE_CHECKING:
    from django.forms import BaseForm, BoundField
    from django.forms.boundfield import BoundWidget
    from django.utils.functional import _StrOrPromise

register = template.Library()

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
SOON_DAYS = 5
_LEAST_SHARE, _GAP = 0.01, 3


class Tone(NamedTuple):
    """What stands beside a colour, so that colour is never alone."""

    icon: str
    word: "_StrOrPromise"


TONES = {
    "success": Tone(icon="circle-check", word=gettext_lazy("Done")),
    "warning": Tone(icon="alert-triangle", word=gettext_lazy("Warning")),
    "danger": Tone(icon="alert-circle", word=gettext_lazy("Error")),
    "info": Tone(icon="info-circle", word=gettext_lazy("Note")),
    "progress": Tone(icon="loader-2", word=gettext_lazy("In progress")),
    "neutral": Tone(icon="info-circle", word=gettext_lazy("Note")),
}
_CAPACITIES = {
    "self": gettext_lazy("acting for yourself"),
    "head": gettext_lazy("head"),
    "accountant": gettext_lazy("accountant"),
    "grant": gettext_lazy("i.MAS representative"),
    "firm": gettext_lazy("head of a representing firm"),
    "key": gettext_lazy("web service key"),
    "system": gettext_lazy("the system"),
}
_STATE_TONES = {
    "accepted": "success",
    "matched": "success",
    "done": "success",
    "preparing": "warning",
    "differs": "warning",
    "submitted": "info",
    "possible": "info",
    "uploaded": "progress",
    "processing": "progress",
    "running": "progress",
    "waiting": "neutral",
    "not_checkable": "neutral",
    "rejected": "danger",
    "upload_rejected": "danger",
    "failed": "danger",
    "error": "danger",
    "missing_there": "danger",
    "missing_here": "danger",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw one icon of the sprite; without a label it is decoration and hidden from readers."""
    address = f"{_sprite()}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.filter
def amount(value: Decimal | int | str | None) -> str:
    """Format an amount of euros to the cent without the sign: 1 234,56."""
    if value in {None, ""}:
        return ""
    number = formats.number_format(
        Decimal(str(value)), decimal_pos=2, use_l10n=True, force_grouping=True
    )
    return number.replace("-", MINUS)


@register.filter("quantity")
def shown_quantity(value: Decimal | int | str | None) -> str:
    """Format a quantity as its reader writes it, to the last digit that counts: 1 234,5."""
    if value in {None, ""}:
        return ""
    exact = f"{Decimal(str(value)):f}"
    _whole, _point, decimals = exact.partition(".")
    number = formats.number_format(
        Decimal(exact), decimal_pos=len(decimals.rstrip("0")), use_l10n=True, force_grouping=True
    )
    return number.replace("-", MINUS)


@register.filter
def euro(value: Decimal | int | str | None) -> str:
    """Format an amount with its sign, never broken over a line: 1 234,56 € or €1,234.56."""
    number = amount(value)
    if not number:
        return ""
    if translation.get_language() == "en":
        return f"{MINUS}€{number[1:]}" if number.startswith(MINUS) else f"€{number}"
    return f"{number}{NO_BREAK}€"


@register.filter
def count(value: int | None) -> str:
    """Format a whole number with its thousands apart: 1 234."""
    if value is None:
        return ""
    return formats.number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)


@register.filter
def whole_euros(value: int | None) -> str:
    """Format whole euros without the sign, less than nought with a minus: −1 234."""
    return count(value).replace("-", MINUS)


@register.filter
def percent(value: Decimal | float | None) -> str:
    """Format a share of one hundred: 98,2 %."""
    if value is None:
        return ""
    number = formats.number_format(f"{value:.1f}", decimal_pos=1, use_l10n=True)
    return f"{number}%" if translation.get_language() == "en" else f"{number}{NO_BREAK}%"


@register.filter
def file_size(value: int | None) -> str:
    """Format bytes in the decimal units that file managers show: 1,2 MB."""
    size, unit = float(value or 0), "B"
    for larger in ("kB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    digits = 0 if unit == "B" else 1
    # Rounded first: number_format cuts digits off, and the browser, which names sizes too, rounds.
    number = formats.number_format(
        round(size, digits), decimal_pos=digits, use_l10n=True, force_grouping=True
    )
    return f"{number}{NO_BREAK}{unit}"


@register.filter
def local_datetime(value: datetime | None) -> str | SafeString:
    """Show an instant in Vilnius time, to the minute, readable by machines too."""
    if value is None:
        return ""
    local = value.astimezone(clock.VILNIUS)
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d}{NO_BREAK}{local:%H:%M}",
    )


@register.filter
def day(value: date | None) -> str | SafeString:
    """Show a date as 2026-11-21, readable by machines too."""
    if value is None:
        return ""
    return format_html('<time class="text-nowrap" datetime="{0}">{0}</time>', value.isoformat())


@register.filter
def last_day(value: datetime | None) -> str | SafeString:
    """Show the last day, in Vilnius, on any part of which something that ends then still holds."""
    if value is None:
        return ""
    return day((value - timedelta(microseconds=1)).astimezone(clock.VILNIUS).date())


@register.filter
def month_name(value: date) -> str:
    """Name the month of a date with its year, as a heading does: 2026 m. spalis."""
    return formats.date_format(value, "YEAR_MONTH_FORMAT")


@register.filter
def days_left(deadline: date) -> str:
    """Say in words how far a deadline is from today."""
    days = (deadline - clock.today()).days
    if days == 0:
        return gettext("today is the last day")
    if days > 0:
        return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}
    return ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": -days}


@register.filter
def urgency(deadline: date) -> str:
    """Return late, soon or calm: the class suffix of a due date."""
    days = (deadline - clock.today()).days
    if days < 0:
        return "late"
    return "soon" if days <= SOON_DAYS else "calm"


@register.filter
def tone(state: str) -> str:
    """Return the tone of a state; a tone stays itself, an unknown state is neutral."""
    name = str(state).lower().replace("-", "_")
    return name if name in TONES else _STATE_TONES.get(name, "neutral")


@register.simple_tag
def status(word: "_StrOrPromise", state: str) -> SafeString:
    """Draw a state, given by its code or its tone: dot and word, never colour alone."""
    return format_html(
        '<span class="state state-{}"><span class="state-dot" aria-hidden="true"></span>{}</span>',
        tone(state),
        word,
    )


@register.simple_tag
def tone_icon(name: str) -> SafeString:
    """Draw the icon and say the word that belong to a tone, so that colour is never alone."""
    chosen = TONES.get(name, TONES["info"])
    return icon(chosen.icon, str(chosen.word))


@register.filter
def message_tone(level: str) -> str:
    """Return the tone of a level of django.contrib.messages."""
    return {"error": "danger", "debug": "info"}.get(level, level or "info")


@register.filter
def capacity(acting: Any) -> str:
    """Say in what capacity a person acts: for themselves, as a head, as a representative."""
    return str(_CAPACITIES.get(str(acting.why.kind).lower(), ""))


@register.filter
def acts_for_another(acting: Any) -> bool:
    """Tell whether the person acts for somebody who is neither himself nor headed by him."""
    return acting is not None and str(acting.why.kind).lower() in {"grant", "firm", "accountant"}


@register.filter
def initials(name: str) -> str:
    """Return at most two letters that stand for a name, company forms left out."""
    words = [word.strip('"„“').upper() for word in name.split()]
    chosen = [word for word in words if word not in {"UAB", "AB", "MB", "VŠĮ", "IĮ", "ŪB", "TŪB"}]
    return "".join(word[0] for word in (chosen or words) if word)[:2]


@register.filter
def short_digest(value: str) -> str:
    """Shorten a digest for reading; the whole stays in the receipt."""
    return f"{value[:8]}…{value[-4:]}" if len(value) > 16 else value


@register.simple_block_tag
def data_table(content: SafeString, caption: "_StrOrPromise") -> SafeString:
    """Wrap head, body and foot in a table that scrolls by itself and stacks on a phone.

    The caption is read out, not shown: the page or the card above says the same to the eye.
    """
    return format_html(
        '<div class="table-responsive" role="region" tabindex="0" aria-label="{0}">'
        '<table class="table table-vcenter card-table table-stacked">'
        '<caption class="visually-hidden">{0}</caption>{1}</table></div>',
        caption,
        content,
    )


@register.simple_tag
def control(field: "BoundField", **attrs: Any) -> SafeString:
    """Draw the input of a form field with the look and the ARIA state it needs."""
    return field.as_widget(attrs={**attrs, "class": _control_class(field)})


@register.filter
def is_checkbox(field: "BoundField") -> bool:
    """Tell whether a field is a single box to tick, whose label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def linked(mistakes: "Iterable[tuple[BoundField, str]]") -> list[tuple[str, str]]:
    """Return mistakes of fields as components/mistakes.html lists them: anchor and words."""
    return [
        (
            field.id_for_label or str(field.auto_id),
            str(error) if is_checkbox(field) else f"{field.label}: {error}",
        )
        for field, error in mistakes
    ]


@register.filter
def mistakes(form: "BaseForm") -> list[tuple[str, str]]:
    """Return every mistake of a form, those of the whole first, for components/mistakes.html."""
    fields = ((field, str(error)) for field in form.visible_fields() for error in field.errors)
    return [*(("", str(error)) for error in form.non_field_errors()), *linked(fields)]


@register.filter
def is_choice_group(field: "BoundField") -> bool:
    """Tell whether a field is a group of boxes, which needs a legend instead of a label."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def unlocalised(value: Decimal | int) -> str:
    """Write a number for machines: with a point and nothing else."""
    return format(value, "f")


@register.filter
def as_bar(shares: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Turn counts into parts of a bar 1000 units wide; what exists is at least visible."""
    shown = [share for share in shares if share["count"]]
    total = sum(share["count"] for share in shown)
    sizes = [max(share["count"] / total, _LEAST_SHARE) for share in shown]
    ends = [round(1000 * edge / sum(sizes)) for edge in accumulate(sizes)]
    return [
        {
            "x": start,
            "width": end - start - (_GAP if end < 1000 else 0),
            "tone": tone(share["tone"]),
        }
        for share, start, end in zip(shown, [0, *ends], ends, strict=False)
    ]


@register.filter
def choice_control(choice: "BoundWidget") -> SafeString:
    """Draw one box of a choice group with its look."""
    choice.data["attrs"]["class"] = "form-check-input"
    return choice.tag()


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """Return the present query string with some values changed; an empty value drops its key."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in {None, ""}:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@cache
def _sprite() -> str:
    """The address of the sprite: it stays while the process lives, and a page asks forty times."""
    return static("build/icons.svg")


def _control_class(field: "BoundField") -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        look = "form-check-input"
    elif isinstance(widget, Select):
        look = "form-select"
    else:
        look = "form-control"
    given = widget.attrs.get("class", "")
    invalid = "is-invalid" if field.errors else ""
    return " ".join(part for part in (look, given, invalid) if part)
