"""Certificates of programs, given for taxpayers (Nustatymai → Žiniatinklio paslaugos)."""

from uuid import UUID

from django.db import transaction

from accounts.certificates import new_certificate
from accounts.models import Certificate, RevocationReason, User
from accounts.pki.authority import Subject
from accounts.services import note_reason
from imas.kernel.errors import NotFoundError
from representation import selectors
from representation.services.journal import journal
from representation.services.keys import MANAGE, KeyOrder, close, covered_by, scope_of
from representation.types import Acting


@transaction.atomic
def issue_certificate(acting: Acting, owner: User, order: KeyOrder, request: bytes) -> Certificate:
    """Issue a certificate to the person acting for the key of a signing request.

    Like a key it opens no more than the owner has now, and at each use no more than he still has.
    The refusals of a request are those of `accounts.certificates.new_certificate`.
    """
    covered = covered_by(acting, owner, order)
    User.objects.select_for_update().get(pk=owner.pk)
    subject = Subject(organisation=acting.taxpayer_name, program=order.name)
    certificate = new_certificate(owner, request, subject, scope_of(order, covered))
    for one in covered:
        journal(one, "certificates.issued", certificate.serial, rights=",".join(order.rights))
    return certificate


@transaction.atomic
def revoke_certificate(acting: Acting, certificate_id: UUID, reason: RevocationReason) -> None:
    """End one's own certificate at once; close somebody else's for this taxpayer only."""
    acting.require(MANAGE)
    held = selectors.certificates_of(acting.taxpayer_code).select_for_update(of=("self",))
    certificate = held.filter(pk=certificate_id, revoked_at__isnull=True).first()
    if certificate is None:
        raise NotFoundError("certificate-not-found")
    if close(acting, certificate):
        note_reason(certificate.pk, reason)
    journal(acting, "certificates.revoked", certificate.serial, reason=reason)
