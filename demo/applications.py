"""People from abroad who apply for access in the demo economy: two wait, one is a user already."""

from accounts import services
from accounts.models import ApplicationLetter, ForeignApplication, SafetyLetter, User
from accounts.models.identities import foreign_hash
from accounts.providers.types import Code
from accounts.services import Applicant
from accounts.types import IdentifierKind
from demo.mandates import SINCE
from imas.kernel import clock
from representation.models import Headship, Taxpayer

_PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
_HEAD = Applicant(
    "Jānis",
    "Kalniņš",
    Code("LV", "32000000017"),
    IdentifierKind.NATIONAL,
    email="janis.kalnins@demo.invalid",
    language="en",
    purpose="I head a company in Lithuania and have to send its registers of invoices.",
)
_STRANGER = Applicant(
    "Łucja",
    "Wiśniewska",
    Code("PL", "ZS0000007"),
    IdentifierKind.PASSPORT,
    email="lucja.wisniewska@demo.invalid",
    language="en",
    purpose="I shall keep the books of a Lithuanian company; its head will give me a mandate.",
)
_APPROVED = Applicant(
    "Mart",
    "Tamm",
    Code("EE", "30000000009"),
    IdentifierKind.EIDAS,
    email="mart.tamm@demo.invalid",
    language="en",
    purpose="Member of the board of a Lithuanian company.",
    proved_by="viisp:auth.eidas",
)


def write_applications(officer: User, headed: Taxpayer) -> None:
    """Let two applications wait and one be approved; the first applicant heads a company."""
    Headship.objects.create(
        person=foreign_hash(_HEAD.code.country, _HEAD.code.number),
        person_name=f"{_HEAD.first_name} {_HEAD.last_name}",
        taxpayer=headed,
        since=SINCE,
    )
    for applicant, scan in ((_APPROVED, b""), (_STRANGER, b""), (_HEAD, _PDF)):
        letter = services.apply_for_access(applicant, scan)
        if letter is not None:
            services.confirm_application(services.applicant_secret(letter))
    approved = ForeignApplication.objects.get(email=_APPROVED.email)
    services.approve_application(officer, approved.pk, "mart.tamm")
    # Nobody reads letters to invented addresses.
    for outbox in (ApplicationLetter, SafetyLetter):
        outbox.objects.filter(sent_at=None).update(sent_at=clock.now())
