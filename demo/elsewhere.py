"""What the demo economy's people may do in other systems: grants there, and roles given here."""

from accounts.encryption import lookup_hash
from accounts.models import User
from accounts.sso.claims import subject
from demo.mandates import HEAD, READER, SINCE
from exchange.selectors import systems_taking_roles
from exchange.services import assign_roles
from imas.kernel import clock
from representation.models import EdsGrant, ManoVmiGrant, Taxpayer
from representation.services import acting_of

_ROLES = ("declarations", "view")
_EDS = "Deklaracijų rengimas ir teikimas"
_MANO_VMI = "Mokestinės informacijos peržiūra, prašymų teikimas"


def write_elsewhere(users: dict[str, User], taxpayer: Taxpayer) -> None:
    """Let EDS and Mano VMI tell of grants, one of them to a demo login; give roles in AIS."""
    reader = users[READER.name]
    EdsGrant.objects.create(
        taxpayer=taxpayer,
        person=reader.personal_code_hash,
        person_name=reader.full_name,
        role=_EDS,
        since=SINCE,
    )
    EdsGrant.objects.create(
        taxpayer=taxpayer,
        person=_nobody(1),
        person_name="Ieva Deklaruotoja",
        role=_EDS,
        since=SINCE,
    )
    ManoVmiGrant.objects.create(
        taxpayer=taxpayer,
        person=_nobody(2),
        person_name="Marius Tvarkytojas",
        role=_MANO_VMI,
        since=SINCE,
    )
    acting = acting_of(users[HEAD.name], taxpayer, clock.now())
    for system in systems_taking_roles():
        if acting and system.key == "ais":
            assign_roles(acting, "ais", subject(reader, f"roles:{taxpayer.pk}"), _ROLES)


def _nobody(number: int) -> str:
    """The fingerprint of somebody whom i.MAS does not know."""
    return lookup_hash(f"demo:{number}")
