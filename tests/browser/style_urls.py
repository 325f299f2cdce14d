"""A page with every component, for tests only: it is no address of the portal."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from imas.kernel import clock
from imas.urls import urlpatterns as portal
from imas.web.home import Due, HomeCard, Task
from imas.web.sidebar import Group, Link, Sidebar, SidebarEntry
from representation.types import Acting, Why, WhyKind


class StyleForm(forms.Form):
    """Every kind of field."""

    number = forms.CharField(label="Sąskaitos numeris", help_text="Kaip sąskaitoje.")
    kind = forms.ChoiceField(label="Rūšis", choices=[("SF", "Sąskaita"), ("KS", "Kreditinė")])
    rights = forms.MultipleChoiceField(
        label="Teisės",
        choices=[("view", "Peržiūrėti"), ("submit", "Pateikti")],
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(label="Su taisyklėmis susipažinau")
    document = forms.FileField(label="Rinkmena", required=False)


class SearchForm(forms.Form):
    """A filter."""

    q = forms.CharField(
        label="Ieškoti", required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(label="Būsena", required=False, choices=[("", "Visos")])


def acting(kind: WhyKind = WhyKind.GRANT) -> Acting:
    """Somebody who acts for a company."""
    return Acting(
        1, 1, "304823023", "LT100011112313", "UAB „Baltijos mediena“", frozenset(), Why(kind)
    )


def sidebar() -> Sidebar:
    """A sidebar with both halves."""
    isaf = SidebarEntry(
        label="i.SAF", icon="file-invoice", url_name="isaf", hint="Sąskaitos faktūros"
    )
    child = SidebarEntry(label="Registrai", icon="list", url_name="registers")
    mail = SidebarEntry(
        label="Pašto dėžutė", icon="mail", url_name="mail", group=Group.ACCOUNT, shows_unread=True
    )
    people = SidebarEntry(label="i.MAS atstovai", icon="users", url_name="x", group=Group.ACCOUNT)
    keys = SidebarEntry(label="Žiniatinklio paslaugos", icon="plug", url_name="x")
    return Sidebar(
        (
            Link(
                isaf, "/isaf/", is_current=True, children=(Link(child, "/isaf/r", is_current=True),)
            ),
        ),
        (
            Link(mail, "/mail/", is_current=False),
            Link(people, "/people/", is_current=False),
            Link(keys, "/keys/", is_current=False),
        ),
    )


def frame(kind: WhyKind = WhyKind.GRANT) -> dict[str, Any]:
    """What the context processors give on a real page."""
    return {
        "framed": True,
        "acting": acting(kind),
        "sidebar": sidebar(),
        "unread_messages": 4,
    }


def style(request: HttpRequest) -> HttpResponse:
    """Every component once."""
    messages.success(request, "Išsaugota.")
    form = StyleForm(request.POST or {"number": ""})
    shares = [
        {"label": "Sutampa", "count": 1583, "tone": "success", "url": "#"},
        {"label": "Skiriasi", "count": 11, "tone": "warning", "url": ""},
        {"label": "Nėra pas kontrahentą", "count": 9, "tone": "danger", "url": ""},
        {"label": "Galimas atitikmuo", "count": 4, "tone": "info", "url": ""},
        {"label": "Laukiama kontrahento", "count": 27, "tone": "neutral", "url": ""},
    ]
    context = {
        "form": form,
        "search": SearchForm(),
        "shares": shares,
        "steps": [
            {"label": "Gauta", "state": "done"},
            {"label": "Perskaityta 1 248 iš 1 248", "state": "done"},
            {"label": "Tikrinama", "state": "current"},
            {"label": "Pateikta", "state": "waiting"},
        ],
        "events": [{"at": _then(), "title": "Pateikta", "text": "Jonas", "tone": "success"}],
        "tabs": [
            {"url": "#a", "label": "Visos", "count": 29, "is_current": True},
            {"url": "#b", "label": "Klaidos", "count": 2, "is_current": False},
        ],
        "facts": [("Kodas", "304823023"), ("Laikotarpis", "2026-10")],
        "received_at": _then(),
        "deadline": clock.today() + timedelta(days=3),
        "sha256": "8f1c" * 16,
        "series": [{"name": "Pardavimo PVM"}, {"name": "Pirkimo PVM"}],
        "months": [
            {"label": f"2026-{month:02}", "values": [Decimal(31200 + month), Decimal("21000.50")]}
            for month in range(1, 13)
        ],
        "amount": Decimal("-412360.18"),
        "states": ["accepted", "preparing", "submitted", "processing", "rejected", "waiting"],
        **frame(),
    }
    return render(request, "style.html", context)


def home(request: HttpRequest) -> HttpResponse:
    """The start page with two tasks and a card."""
    today = clock.today()
    tasks = [
        Task(today + timedelta(days=at), "Pateikti lapkričio registrus", "2 klaidos", "#", "Tęsti")
        for at in (-2, 3, 28)
    ]
    cards = [HomeCard("Laiškai", "card_sample.html", {"text": "Nėra"}, url="#", link="Visi")]
    context = {"tasks": tasks, "cards": cards, "today": date(2026, 11, 22), **frame(WhyKind.HEAD)}
    return render(request, "representation/home.html", context)


def clients(request: HttpRequest) -> HttpResponse:
    """The table of clients."""
    due = Due(
        clock.today() + timedelta(days=3), "Lapkričio registrai", "preparing", "Rengiamas", "#"
    )
    taxpayer = {"code": "304823023", "name": "UAB Baltijos mediena", "vat_code": "LT100011112313"}
    rows = [{"taxpayer": taxpayer, "dues": [due]}, {"taxpayer": taxpayer, "dues": []}]
    context = {"rows": rows, "form": SearchForm(), **frame()}
    return render(request, "representation/clients.html", context)


def _then() -> datetime:
    return datetime(2026, 11, 20, 14, 40, tzinfo=clock.VILNIUS)


def broken(request: HttpRequest) -> HttpResponse:
    """Break, as a page of ours should not."""
    raise RuntimeError(request.path)


def choices(request: HttpRequest) -> HttpResponse:
    """What the switcher asks for when it is opened."""
    found = [
        {"code": "305602117", "name": "MB Girios kelias", "vat_code": "LT100013377615"},
        {"code": "303115542", "name": "UAB Sostinės statyba", "vat_code": ""},
    ]
    return render(request, "representation/choices.html", {"choices": found})


urlpatterns = [
    path("taxpayers/", choices, name="style-choices"),
    path("style/broken", broken, name="style-broken"),
    path("style", style, name="style"),
    path("style/home", home, name="style-home"),
    path("style/clients", clients, name="style-clients"),
    *portal,
]
handler404 = "imas.web.views.not_found"
handler500 = "imas.web.views.server_error"
