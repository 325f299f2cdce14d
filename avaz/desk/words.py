"""What the desk says: refusals, answers to messages, letters."""

import unicodedata
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from avaz.texts import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from avaz.desk.models import Registration

REFUSALS: "Mapping[str, tuple[_StrPromise, _StrPromise]]" = {
    "avaz-wrong": (
        _("The address and the code do not belong together"),
        _("Check the e-mail address, and the code in the newest letter about it."),
    ),
    "avaz-locked": (
        _("Too many wrong codes"),
        _("Wait a quarter of an hour and try again. The code itself has not changed."),
    ),
    "avaz-many": (
        _("Too much was announced within an hour"),
        _("Announce several waybills at once instead of each by itself."),
    ),
    "avaz-number": (
        _("The number of the waybill is missing"),
        _("Where not all is known yet, each waybill is announced by its own number."),
    ),
    "avaz-trouble": (
        _("The time of the trouble cannot be so"),
        _(
            "It begins at most %(days)s days ago, not later than now, and ends after it has begun, "
            "within a day from now."
        ),
    ),
    "avaz-arn-unknown": (
        _("There is no such ARN"),
        _("Check the number, or look it up among your announcements."),
    ),
    "avaz-told": (
        _("This is not told as it should be"),
        _("The main system and the desk of a.VAZ are of different versions."),
    ),
}

# Answers to messages are plain ASCII of one part (160), Lithuanian without its marks: GSM-7 has no
# Lithuanian letters, and one of them would halve what fits (docs/avaz/fallback.md).
TEXT_FAULTS: "Mapping[Fault, str]" = {
    Fault.EMPTY: "a.VAZ: zinute tuscia. Rasykite: KODAS vaztarascio numeris",
    Fault.CODE: (
        "a.VAZ: zinute turi prasideti prisijungimo kodu (5-8 zenklai). "
        "Rasykite: KODAS vaztarascio numeris"
    ),
    Fault.NUMBER_MISSING: (
        "a.VAZ: truksta vaztarascio numerio. Rasykite: KODAS vaztarascio numeris"
    ),
    Fault.NUMBER_LONG: "a.VAZ: vaztarascio numeris per ilgas, gali buti iki 35 zenklu.",
}
TEXT_WRONG = (
    "a.VAZ: kodas neteisingas arba sis telefono numeris nepatvirtintas i.MAS. ARN nesuteiktas."
)
TEXT_LOCKED = "a.VAZ: per daug neteisingu kodu. Bandykite po 15 minuciu. ARN nesuteiktas."
TEXT_MANY = "a.VAZ: per valanda pranesta per daug vaztarasciu. ARN nesuteiktas."


def arn_text(arn: str, number: str) -> str:
    """Return the message that brings an ARN: ASCII, one part."""
    if not number:
        return f"a.VAZ: ARN {arn}. Vaztarascius pateikite per i.VAZ, kai jis veiks."
    return f"a.VAZ: ARN {arn}, vaztarastis {_ascii(number)}. Papildykite per 3 darbo dienas i.VAZ."


def arn_letter(made: "Registration", language: str) -> tuple[str, str]:
    """Return the subject and the body of the letter that brings an ARN."""
    with translation.override(language):
        subject = gettext("a.VAZ: ARN %(arn)s") % {"arn": made.arn}
        if made.number:
            what = gettext("Waybill %(number)s is announced.") % {"number": made.number}
        else:
            what = gettext("Several waybills are announced.")
        body = gettext(
            "%(what)s Its ARN is %(arn)s.\n\n"
            "When i.VAZ works again, enter all the data within three working days: %(url)s"
        )
        return subject, body % {"what": what, "arn": made.arn, "url": settings.SITE_URL}


def _ascii(text: str) -> str:
    """Take the marks off letters; what is still no ASCII becomes a question mark."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return bare.encode("ascii", "replace").decode()
