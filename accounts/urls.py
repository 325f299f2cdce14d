"""Addresses of a person's account."""

from django.urls import path

from accounts.providers import views as providers
from accounts.sso import views as sso
from accounts.views import (
    applying,
    entering,
    factors,
    first_visit,
    officers,
    phones,
    profile,
    proving,
    recovery,
    sessions,
)

app_name = "accounts"

urlpatterns = [
    path("sign-in/", entering.sign_in, name="sign-in"),
    path("sign-in/passkey/", entering.sign_in_by_passkey, name="sign-in-passkey"),
    path("sign-in/through/<slug:provider>/", providers.through, name="through"),
    path("sign-in/through/<slug:provider>/back/", providers.back, name="through-back"),
    path("sign-in/through/<slug:provider>/posted/", providers.posted, name="through-posted"),
    path("sign-in/through/<slug:provider>/ended/", providers.ended, name="through-ended"),
    path("sign-out/", entering.sign_out, name="sign-out"),
    path("second-factor/", proving.second_factor, name="second-factor"),
    path("second-factor/passkey/", proving.second_factor_passkey, name="second-factor-passkey"),
    path("second-factor/recovery/", proving.second_factor_recovery, name="second-factor-recovery"),
    path("second-factor/choose/", factors.factor_choose, name="factor-choose"),
    path("identity/", proving.identity, name="identity"),
    path("go-on/", factors.go_on, name="go-on"),
    path("send-again/", proving.send_again, name="send-again"),
    path("apply/", applying.apply, name="apply"),
    path("apply/confirm/<str:token>/", applying.apply_confirm, name="apply-confirm"),
    path("apply/password/<str:token>/", applying.first_password, name="first-password"),
    path("officers/applications/", officers.applications, name="applications"),
    path("officers/applications/<uuid:application_id>/", officers.application, name="application"),
    path(
        "officers/applications/<uuid:application_id>/approve/",
        officers.application_approve,
        name="application-approve",
    ),
    path(
        "officers/applications/<uuid:application_id>/decline/",
        officers.application_decline,
        name="application-decline",
    ),
    path(
        "officers/applications/<uuid:application_id>/link/",
        officers.application_link,
        name="application-link",
    ),
    path(
        "officers/applications/<uuid:application_id>/scan/",
        officers.application_scan,
        name="application-scan",
    ),
    path("recovery/", recovery.recovery, name="recovery"),
    path("recovery/<str:token>/", recovery.recovery_password, name="recovery-password"),
    path("rules/", first_visit.rules, name="rules"),
    path("rules/read/", first_visit.rules_again, name="rules-read"),
    path("email/", first_visit.email, name="email"),
    path("email/confirm/<str:token>/", first_visit.confirm_email, name="confirm-email"),
    path("email/undo/<str:token>/", first_visit.undo_email, name="undo-email"),
    path("settings/", profile.profile, name="profile"),
    path("settings/phone/", phones.phone, name="phone"),
    path("settings/phone/confirm/", phones.phone_confirm, name="phone-confirm"),
    path("settings/phone/remove/", phones.phone_remove, name="phone-remove"),
    path("settings/password/", profile.password, name="password"),
    path("settings/sessions/", sessions.sessions, name="sessions"),
    path("settings/sessions/end/", sessions.sessions_end, name="sessions-end"),
    path("settings/sessions/<uuid:record_id>/end/", sessions.session_end, name="session-end"),
    path("settings/security/", factors.security, name="security"),
    path("settings/security/app/", factors.totp, name="totp"),
    path("settings/security/app/remove/", factors.totp_remove, name="totp-remove"),
    path("settings/security/passkeys/new/", factors.passkey_new, name="passkey-new"),
    path(
        "settings/security/passkeys/<int:passkey_id>/remove/",
        factors.passkey_remove,
        name="passkey-remove",
    ),
    path("settings/security/recovery-codes/", factors.recovery_codes, name="recovery-codes"),
    # --- single sign-on of other systems ---
    path(".well-known/openid-configuration", sso.description, name="sso-description"),
    path("sso/keys", sso.public_keys, name="sso-keys"),
    path("sso/authorize", sso.authorize, name="sso-authorize"),
    path("sso/token", sso.token, name="sso-token"),
    path("sso/userinfo", sso.userinfo, name="sso-userinfo"),
    path("sso/end", sso.end, name="sso-end"),
]
