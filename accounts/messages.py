"""Words for this subsystem's refusals and for what the journal tells."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "accounts.contact-data-saved": _("Contact data saved"),
    "accounts.email-confirmed": _("E-mail address confirmed"),
    "accounts.email-undone": _("Former e-mail address given back"),
    "accounts.new-device": _("Signed in in a browser not seen before"),
    "accounts.password-changed": _("Password changed"),
    "accounts.password-recovered": _("Forgotten password replaced"),
    "accounts.recovery-asked": _("Link for a forgotten password sent"),
    "accounts.rules-accepted": _("Rules of use accepted"),
    "accounts.session-ended": _("Session ended"),
    "accounts.sessions-ended": _("Sessions ended"),
    "accounts.ended-session-used": _("Session tried again after it had ended"),
    "accounts.signed-out": _("Signed out"),
    "accounts.identity-noted": _("Came through a provider for the first time"),
    "accounts.sign-in-refused": _("Sign-in through a provider refused"),
    "accounts.shared-with": _("Let into another system by this session"),
    "accounts.shared-session-ended": _("Session shared with other systems ended"),
    "accounts.party-registered": _("Another system registered for single sign-on"),
    "accounts.person-made": _("Became a user by a provider's word"),
    "accounts.factors-reset": _("Second factors taken away by an officer"),
    "accounts.application-confirmed": _("Application for access confirmed by its applicant"),
    "accounts.application-approved": _("Application for access approved"),
    "accounts.application-declined": _("Application for access declined"),
    "accounts.application-link-sent": _("Another link for the first password sent"),
    "accounts.application-scan-seen": _("Copy of an applicant's document looked at"),
    "accounts.made-by-officer": _("Became a user by an officer's decision"),
    "accounts.first-password-set": _("First password set"),
    "accounts.phone-code-asked": _("Code to a mobile number asked for"),
    "accounts.phone-confirmed": _("Mobile number confirmed"),
    "accounts.phone-removed": _("Mobile number removed"),
    "accounts.passkey-added": _("Passkey taken on"),
    "accounts.passkey-removed": _("Passkey given up"),
    "accounts.recovery-code-used": _("Recovery code used"),
    "accounts.recovery-codes-made": _("New recovery codes made"),
    "accounts.second-factor-refused": _("Wrong second factor"),
    "accounts.signed-in": _("Signed in"),
    "accounts.totp-added": _("App for codes taken on"),
    "accounts.totp-removed": _("App for codes given up"),
}

_MEANS = {
    "password": _("Login name and password"),
    "passkey": _("Passkey"),
    "oidc": _("Provider"),
    "viisp": _("VIISP"),
}


def means_words(means: str) -> str:
    """Return by what somebody signed in, in the reader's language; the provider's name after it."""
    kind, _colon, provider = means.partition(":")
    words = str(_MEANS.get(kind, kind))
    return f"{words}: {provider}" if provider else words


WORDS = {
    "officers-only": (
        _("This is for officers of the tax authority"),
        _("Your account is not an officer's."),
    ),
    "application-not-found": (
        _("There is no such application"),
        _("It may have expired before its applicant confirmed it."),
    ),
    "application-decided": (
        _("The application is decided already"),
        _("Another officer was quicker. Open it again to see the decision."),
    ),
    "application-your-own": (
        _("Nobody decides about himself"),
        _("This application bears your identifier or your e-mail address. Ask another officer."),
    ),
    "foreigner-known": (
        _("This person is a user already"),
        _("The country and the identifier are those of a user. Decline, and say how to get in."),
    ),
    "login-name-taken": (
        _("Somebody has this login name already"),
        _("Choose another one."),
    ),
    "password-is-set": (
        _("No link is needed"),
        _("The person has set a password already, or is no user."),
    ),
    "scan-not-found": (
        _("There is no copy of the document"),
        _("None was sent, or it has been deleted since."),
    ),
    "texts-not-sent": (
        _("No messages are sent to phones here"),
        _("This i.MAS has no gateway for them, so a number cannot be confirmed."),
    ),
    "phone-not-mobile": (
        _("This is no mobile number"),
        _("Write it as +370 600 00000; numbers of other countries with their code."),
    ),
    "too-many-codes": (
        _("Too many codes"),
        _("Too many codes have been sent to this number or by you. Try again later."),
    ),
    "too-many-applications": (
        _("Too many applications"),
        _("Applications are closed for this address for an hour."),
    ),
    "session-not-found": (
        _("There is no such session"),
        _("It has ended already, or it is not yours."),
    ),
    "too-many-recoveries": (
        _("Too many attempts"),
        _("Forgotten passwords are closed for this address for an hour."),
    ),
    "account-closed": (
        _("The account is closed"),
        _("You are known to i.MAS, but the account is closed. Turn to the tax authority."),
    ),
    "code-not-told": (
        _("The provider has not told who you are"),
        _("It has given no personal code, and i.MAS knows people by nothing else. Use another."),
    ),
    "person-unknown": (
        _("i.MAS does not know you yet"),
        _("This provider may not bring new people. Come once through another one."),
    ),
    "foreigner-unknown": (
        _("i.MAS does not know you yet"),
        _("Without a Lithuanian personal code, i.MAS must be applied for once."),
    ),
    "provider-silent": (
        _("The provider does not answer"),
        _("Try again in a while, or come in another way."),
    ),
    "sign-in-not-proved": (
        _("You could not be let in"),
        _("The provider's answer does not prove who you are. Start again from the sign-in page."),
    ),
    "sign-in-broken-off": (
        _("Signing in was broken off"),
        _("You have not finished at the provider. Start again from the sign-in page."),
    ),
    "sso-request-wrong": (
        _("The other system asks wrongly"),
        _("It is not registered here, or its request is not built as i.MAS expects. Tell it so."),
    ),
    "logout-not-proved": (
        _("The logout token is not valid"),
        _("It is not this provider's for i.MAS now, or it has come before."),
    ),
    "visit-not-yours": (
        _("You could not be let in"),
        _("Too much time has passed, or another browser began. Start again from the sign-in page."),
    ),
    "assurance-too-low": (
        _("This way is not sure enough"),
        _("At the provider, choose a means of a higher level of assurance."),
    ),
    "passkey-not-found": (
        _("There is no such passkey"),
        _("It has been given up, or it is not yours."),
    ),
    "too-many-sign-ins": (
        _("Too many attempts to sign in"),
        _("Signing in is closed for a while. Try again in %(retry_after)s seconds."),
    ),
    "too-many-letters": (
        _("Too many letters"),
        _("Too many letters have been sent within the hour. Try again later."),
    ),
    "key-not-valid": (
        _("The key is not valid"),
        _("The key is unknown, has expired or has been revoked. Issue another one in Settings."),
    ),
    "certificate-not-valid": (
        _("The certificate is not valid"),
        _("It was not issued by i.MAS, has expired or has been revoked. Order one in Settings."),
    ),
    "certificate-header-forged": (
        _("A certificate may not be sent in a header"),
        _("Prove it in the connection itself: the header is for the proxy of i.MAS."),
    ),
    "authority-missing": (
        _("No certificates are issued here"),
        _("This i.MAS has no authority of client certificates. Use a key instead."),
    ),
    "csr-too-large": (
        _("The signing request is too large"),
        _("A signing request is smaller than %(kilobytes)s KB. Was another file chosen?"),
    ),
    "csr-unreadable": (
        _("This is not a certificate signing request"),
        _("Make a signing request (PKCS #10, PEM or DER) with your program or with openssl req."),
    ),
    "csr-signature": (
        _("The signing request is not signed by its own key"),
        _("Make it anew: without this signature nobody knows that you hold the private key."),
    ),
    "csr-key-weak": (
        _("The key of the signing request is too weak"),
        _("Use RSA of at least 2 048 bits, P-256, P-384, P-521 or Ed25519, signed with SHA-2."),
    ),
    "csr-key-used": (
        _("This key has a certificate already"),
        _("A new certificate needs a new private key. Make another key and another request."),
    ),
    "owner-not-ready": (
        _("The owner of the key must sign in first"),
        _("The owner must accept the rules of use and confirm an e-mail address on the portal."),
    ),
}
