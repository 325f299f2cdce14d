"""Who gets what from which address. A new address fails the suite until it stands here.

The columns are those of `world.Who`: nobody; unready (rules not accepted), unconfirmed (e-mail);
former (revoked), expired, broken (chain); stranger, clerk (right missing), head. What is asked
for is the company's own thing, so a stranger's answer is "not found" (404) or the stranger's own
empty list (200), a clerk's "forbidden" (403). Pages lead whoever is not signed in, not ready or
without a taxpayer elsewhere (302). A method that is not listed is answered 405.
"""

GET, POST = "GET", "POST"

Statuses = tuple[int, int, int, int, int, int, int, int, int]
"""What nobody, unready, unconfirmed, former, expired, broken, stranger, clerk and head get."""

ABSENT = (404, 404, 404, 404, 404, 404, 404, 404, 404)
GONE = (410, 410, 410, 410, 410, 410, 410, 410, 410)
OPEN = (200, 200, 200, 200, 200, 200, 200, 200, 200)
FAULTS = (500, 500, 500, 500, 500, 500, 500, 500, 500)
LED_AWAY = (302, 302, 302, 302, 302, 302, 302, 302, 302)
OWN_ACCOUNT = (302, 302, 302, 200, 200, 200, 200, 200, 200)
FIRST_VISIT = (302, 302, 200, 200, 200, 200, 200, 200, 200)
OWN_TAXPAYER = (302, 302, 302, 302, 302, 302, 200, 200, 200)
NEEDS_RIGHT = (302, 302, 302, 302, 302, 302, 200, 403, 200)
THING = (302, 302, 302, 302, 302, 302, 404, 403, 200)
THING_CHANGED = (302, 302, 302, 302, 302, 302, 404, 403, 302)
THING_GONE = (302, 302, 302, 302, 302, 302, 404, 403, 404)
API_OWN_ACCOUNT = (401, 403, 403, 401, 200, 200, 200, 200, 200)
API_NEEDS_RIGHT = (401, 403, 403, 401, 403, 403, 200, 403, 200)
OFFICERS = (302, 302, 302, 403, 403, 403, 403, 403, 403)
API_OFFICERS = (401, 403, 403, 401, 403, 403, 403, 403, 403)
API_TAKEN = (401, 403, 403, 401, 403, 403, 202, 403, 202)
API_THING = (401, 403, 403, 401, 403, 403, 404, 403, 200)

ACCESS: tuple[tuple[str, str, Statuses], ...] = (
    (GET, "healthz", OPEN),
    (GET, "readyz", OPEN),
    (GET, "metrics", OPEN),  # to this machine, where the tests are; tests/web/test_edges.py
    (GET, "ca-root", OPEN),
    (GET, "ca-revoked", OPEN),
    (POST, "set_language", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    # --- REST ---
    (GET, "api-schema", OPEN),
    (GET, "api-docs", OPEN),
    # SOAP tells every refusal as a fault, with 500; who gets which: tests/isaf/test_soap.py
    (GET, "isaf-uploader", OPEN),
    (POST, "isaf-uploader", FAULTS),
    (GET, "api-me", API_OWN_ACCOUNT),
    (GET, "api-taxpayers", API_OWN_ACCOUNT),
    (GET, "api-taxpayers-lookup", (401, 403, 403, 401, 422, 422, 422, 422, 422)),
    (POST, "api-taxpayers-lookup", (401, 403, 403, 401, 400, 400, 400, 400, 400)),
    # Officers' keys only: tests/representation/test_register_api.py
    (POST, "api-register-imports", API_OFFICERS),
    (GET, "api-register-import", API_OFFICERS),
    (POST, "api-register-import-apply", API_OFFICERS),
    (POST, "api-register-import-drop", API_OFFICERS),
    (POST, "api-key-rotate", (401, 403, 403, 401, 201, 201, 201, 201, 201)),
    (GET, "api-messages", (401, 403, 403, 401, 403, 403, 200, 200, 200)),
    (GET, "api-message", (401, 403, 403, 401, 403, 403, 404, 200, 200)),
    (GET, "api-message-file", (401, 403, 403, 401, 403, 403, 404, 200, 200)),
    (POST, "api-messages-mark", (401, 403, 403, 401, 403, 403, 200, 200, 200)),
    (GET, "api-events", (401, 403, 403, 401, 403, 403, 200, 200, 200)),
    (POST, "api-isaf-files", API_TAKEN),
    (GET, "api-isaf-file", API_THING),
    (GET, "api-isaf-file-problems", API_THING),
    (GET, "api-isaf-classifier", API_OWN_ACCOUNT),
    (GET, "api-isaf-registers", API_NEEDS_RIGHT),
    (GET, "api-isaf-register", API_THING),
    (GET, "api-isaf-invoices", API_THING),
    (POST, "api-isaf-submit", (401, 403, 403, 401, 403, 403, 404, 403, 202)),
    (POST, "api-isaf-crosschecks", API_TAKEN),
    (GET, "api-isaf-crosscheck", API_THING),
    # The world's report is still being drawn up: 409 to those who may have it.
    (GET, "api-isaf-crosscheck-pairs", (401, 403, 403, 401, 403, 403, 404, 403, 409)),
    (GET, "api-isaf-crosscheck-export", (401, 403, 403, 401, 403, 403, 404, 403, 409)),
    # --- accounts ---
    (GET, "accounts:sign-in", (200, 302, 302, 302, 302, 302, 302, 302, 302)),
    (POST, "accounts:sign-in", (200, 302, 302, 302, 302, 302, 302, 302, 302)),
    # No provider is set up; whoever is in already is led on.
    (POST, "accounts:through", (404, 302, 302, 302, 302, 302, 302, 302, 302)),
    (GET, "accounts:through-back", (404, 302, 302, 302, 302, 302, 302, 302, 302)),
    # A form of the provider's, sent on as a link: from elsewhere cookies come by links only.
    (POST, "accounts:through-posted", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    (GET, "accounts:sign-in-passkey", (200, 302, 302, 302, 302, 302, 302, 302, 302)),
    (POST, "accounts:sign-in-passkey", (200, 302, 302, 302, 302, 302, 302, 302, 302)),
    (GET, "accounts:second-factor", LED_AWAY),  # nobody here has one: tests/accounts
    (POST, "accounts:second-factor", LED_AWAY),
    (POST, "accounts:second-factor-passkey", LED_AWAY),
    (GET, "accounts:second-factor-recovery", LED_AWAY),
    (POST, "accounts:second-factor-recovery", LED_AWAY),
    (GET, "accounts:factor-choose", OWN_ACCOUNT),
    (GET, "accounts:identity", FIRST_VISIT),
    (POST, "accounts:identity", FIRST_VISIT),
    (POST, "accounts:go-on", LED_AWAY),
    (GET, "accounts:send-again", LED_AWAY),
    # Single sign-on is off where no key is set, as here; tests/accounts/test_sso.py.
    (GET, "accounts:sso-description", ABSENT),
    (GET, "accounts:sso-keys", ABSENT),
    (GET, "accounts:sso-authorize", ABSENT),
    (POST, "accounts:sso-token", ABSENT),
    (GET, "accounts:sso-userinfo", ABSENT),
    (GET, "accounts:sso-end", ABSENT),
    (POST, "accounts:through-ended", ABSENT),
    (POST, "accounts:sign-out", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    (GET, "accounts:rules", (302, 200, 302, 200, 200, 200, 200, 200, 200)),
    (POST, "accounts:rules", (302, 200, 302, 200, 200, 200, 200, 200, 200)),
    (GET, "accounts:rules-read", OWN_ACCOUNT),
    (GET, "accounts:email", FIRST_VISIT),
    (POST, "accounts:email", FIRST_VISIT),
    (GET, "accounts:confirm-email", OPEN),
    (POST, "accounts:confirm-email", (410, 410, 410, 410, 410, 410, 410, 410, 410)),
    (GET, "accounts:profile", OWN_ACCOUNT),
    (POST, "accounts:profile", OWN_ACCOUNT),
    # No gateway is set here: the page says so. tests/accounts/test_phones.py
    (GET, "accounts:phone", OWN_ACCOUNT),
    (POST, "accounts:phone", OWN_ACCOUNT),
    (POST, "accounts:phone-confirm", OWN_ACCOUNT),
    (POST, "accounts:phone-remove", LED_AWAY),
    (GET, "accounts:undo-email", OPEN),
    (POST, "accounts:undo-email", (410, 410, 410, 410, 410, 410, 410, 410, 410)),
    (GET, "accounts:recovery", OPEN),
    (POST, "accounts:recovery", OPEN),
    (GET, "accounts:recovery-password", GONE),
    (POST, "accounts:recovery-password", GONE),
    (GET, "accounts:apply", OPEN),
    (POST, "accounts:apply", OPEN),
    (GET, "accounts:apply-confirm", OPEN),
    (POST, "accounts:apply-confirm", GONE),
    (GET, "accounts:first-password", GONE),
    (POST, "accounts:first-password", GONE),
    # Officers only: tests/accounts/test_applications.py
    (GET, "accounts:applications", OFFICERS),
    (GET, "accounts:application", OFFICERS),
    (POST, "accounts:application-approve", OFFICERS),
    (POST, "accounts:application-decline", OFFICERS),
    (POST, "accounts:application-link", OFFICERS),
    (GET, "accounts:application-scan", OFFICERS),
    (GET, "accounts:sessions", OWN_ACCOUNT),
    (POST, "accounts:session-end", (302, 302, 302, 404, 404, 404, 404, 404, 404)),
    (POST, "accounts:sessions-end", LED_AWAY),
    (GET, "accounts:security", OWN_ACCOUNT),
    (GET, "accounts:totp", OWN_ACCOUNT),
    (POST, "accounts:totp", OWN_ACCOUNT),
    (POST, "accounts:totp-remove", LED_AWAY),
    (GET, "accounts:passkey-new", OWN_ACCOUNT),
    (POST, "accounts:passkey-new", OWN_ACCOUNT),
    (POST, "accounts:passkey-remove", (302, 302, 302, 404, 404, 404, 404, 404, 404)),
    (POST, "accounts:recovery-codes", (302, 302, 302, 200, 200, 200, 200, 200, 200)),
    (GET, "accounts:password", OWN_ACCOUNT),
    (POST, "accounts:password", OWN_ACCOUNT),
    # --- representation ---
    (GET, "representation:home", OWN_TAXPAYER),
    (GET, "representation:choose", OWN_ACCOUNT),
    (POST, "representation:act-for", (302, 302, 302, 404, 404, 404, 404, 404, 404)),
    (GET, "representation:representatives", NEEDS_RIGHT),
    (GET, "representation:representative-new", NEEDS_RIGHT),
    (POST, "representation:representative-new", NEEDS_RIGHT),
    (GET, "representation:representative", THING),
    (POST, "representation:representative", THING_CHANGED),
    (POST, "representation:offer-withdraw", THING_GONE),
    (POST, "representation:request-accept", THING_GONE),
    (POST, "representation:request-decline", THING_GONE),
    # Both companies have a second head who could approve; to switch off, it must be on.
    (POST, "representation:four-eyes-on", (302, 302, 302, 302, 302, 302, 302, 403, 302)),
    (POST, "representation:four-eyes-off", (302, 302, 302, 302, 302, 302, 409, 403, 409)),
    (GET, "representation:review", NEEDS_RIGHT),
    # Nothing is chosen.
    (POST, "representation:review-keep", (302, 302, 302, 302, 302, 302, 404, 403, 404)),
    (POST, "representation:review-end", (302, 302, 302, 302, 302, 302, 404, 403, 404)),
    (POST, "representation:proposal-approve", THING_GONE),
    (POST, "representation:proposal-decline", THING_GONE),
    (GET, "representation:why", NEEDS_RIGHT),
    (POST, "representation:why-somebody", (302, 302, 302, 302, 302, 302, 302, 403, 302)),
    (GET, "representation:offer", (302, 302, 302, 410, 410, 410, 410, 410, 410)),
    (POST, "representation:offer", (302, 302, 302, 410, 410, 410, 410, 410, 410)),
    (GET, "representation:ask", OWN_ACCOUNT),
    (POST, "representation:ask", OWN_ACCOUNT),
    (GET, "representation:clients", NEEDS_RIGHT),
    (GET, "representation:matrix", NEEDS_RIGHT),
    (GET, "representation:matrix-export", NEEDS_RIGHT),
    (GET, "representation:bulk", NEEDS_RIGHT),
    (POST, "representation:bulk", NEEDS_RIGHT),
    (POST, "representation:bulk-check", NEEDS_RIGHT),
    (POST, "representation:bulk-send", NEEDS_RIGHT),
    (GET, "representation:bulk-end", THING_GONE),
    (POST, "representation:bulk-end", THING_GONE),
    (GET, "representation:mandate-list", NEEDS_RIGHT),
    (POST, "representation:mandate-list", NEEDS_RIGHT),
    (POST, "representation:mandate-list-send", (302, 302, 302, 302, 302, 302, 302, 403, 302)),
    # The clerk's mandate is no firm's: those who may ask learn only that there is none.
    (GET, "representation:pass-on", THING_GONE),
    (POST, "representation:pass-on", THING_GONE),
    (POST, "representation:client-accept", THING_GONE),
    (POST, "representation:client-decline", THING_GONE),
    (POST, "representation:client-withdraw", THING_GONE),
    (POST, "representation:client-renounce", THING_GONE),
    (POST, "representation:passed-on-end", THING_GONE),
    (POST, "representation:give-up", (302, 302, 302, 302, 302, 302, 403, 302, 403)),
    (GET, "representation:waybill-submitters", NEEDS_RIGHT),
    (POST, "representation:waybill-submitters", NEEDS_RIGHT),
    (GET, "representation:lookup", OWN_ACCOUNT),
    (GET, "representation:lookup-file", OWN_ACCOUNT),
    (POST, "representation:lookup-file", OWN_ACCOUNT),
    # Officers only: tests/representation/test_register_pages.py
    (GET, "representation:imports", OFFICERS),
    (GET, "representation:import-new", OFFICERS),
    (POST, "representation:import-new", OFFICERS),
    (GET, "representation:import", OFFICERS),
    (POST, "representation:import-apply", OFFICERS),
    (POST, "representation:import-drop", OFFICERS),
    (GET, "representation:journal", NEEDS_RIGHT),
    (GET, "representation:journal-export", NEEDS_RIGHT),
    (GET, "representation:keys", NEEDS_RIGHT),
    (GET, "representation:key-new", NEEDS_RIGHT),
    (POST, "representation:key-new", NEEDS_RIGHT),
    (GET, "representation:key-rotate", THING),
    (POST, "representation:key-rotate", THING),
    (POST, "representation:key-revoke", THING_CHANGED),
    (GET, "representation:certificates", NEEDS_RIGHT),
    (GET, "representation:certificate-new", NEEDS_RIGHT),
    (POST, "representation:certificate-new", NEEDS_RIGHT),
    (GET, "representation:certificate", THING),
    (POST, "representation:certificate", THING),
    (GET, "representation:certificate-download", THING),
    # --- mailbox: the clerk's one right ---
    (GET, "mailbox:messages", OWN_TAXPAYER),
    (GET, "mailbox:message", (302, 302, 302, 302, 302, 302, 404, 200, 200)),
    (POST, "mailbox:archive", (302, 302, 302, 302, 302, 302, 404, 302, 302)),
    (POST, "mailbox:restore", (302, 302, 302, 302, 302, 302, 404, 302, 302)),
    (POST, "mailbox:unread", (302, 302, 302, 302, 302, 302, 404, 302, 302)),
    (GET, "mailbox:attachment", (302, 302, 302, 302, 302, 302, 404, 200, 200)),
    (GET, "mailbox:notices", OWN_TAXPAYER),
    (POST, "mailbox:notices", OWN_TAXPAYER),
    # Shut until a secret is set; nobody's sign-in opens it.
    (POST, "mailbox:returned-letter", (404, 404, 404, 404, 404, 404, 404, 404, 404)),
    # A stranger's choice of messages of another taxpayer changes none of them.
    (POST, "mailbox:read-many", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    (POST, "mailbox:unread-many", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    (POST, "mailbox:archive-many", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    (POST, "mailbox:restore-many", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    (GET, "mailbox:calendar", OWN_TAXPAYER),
    # Nothing is named to be put off, so nothing is.
    (POST, "mailbox:snooze", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    (POST, "mailbox:wake", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    (POST, "mailbox:reminders", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    (POST, "mailbox:calendar-link", OWN_TAXPAYER),
    (POST, "mailbox:calendar-link-revoke", (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    # The token is the whole right; an unknown one is nothing to anybody.
    (GET, "mailbox:calendar-feed", (404, 404, 404, 404, 404, 404, 404, 404, 404)),
    (GET, "mailbox:webhooks", NEEDS_RIGHT),
    (GET, "mailbox:webhook-new", NEEDS_RIGHT),
    (POST, "mailbox:webhook-new", NEEDS_RIGHT),
    (GET, "mailbox:webhook", THING),
    (POST, "mailbox:webhook-rotate", THING),
    (POST, "mailbox:webhook-pause", THING_CHANGED),
    (POST, "mailbox:webhook-resume", THING_CHANGED),
    (POST, "mailbox:webhook-remove", THING_CHANGED),
    (POST, "mailbox:webhook-test", THING_CHANGED),
    (POST, "mailbox:webhook-replay", THING_CHANGED),
    # --- other systems: nobody here has roles, so the way in leads to what to do ---
    (GET, "exchange:systems", OWN_ACCOUNT),
    (GET, "exchange:enter", LED_AWAY),
    (GET, "exchange:no-roles", OWN_ACCOUNT),
    (GET, "exchange:rights", NEEDS_RIGHT),
    (GET, "exchange:people", NEEDS_RIGHT),
    (GET, "exchange:person", THING),
    (POST, "exchange:person", THING_CHANGED),
    # --- i.SAF ---
    (GET, "isaf:registers", NEEDS_RIGHT),
    (GET, "isaf:upload", NEEDS_RIGHT),
    (POST, "isaf:upload", NEEDS_RIGHT),
    (GET, "isaf:files", NEEDS_RIGHT),
    (GET, "isaf:file", THING),
    (GET, "isaf:file-progress", THING),
    (GET, "isaf:file-problems", THING),
    # The company's file still waits for its verdict: 409 to whoever may declare.
    (GET, "isaf:nil", (302, 302, 302, 302, 302, 302, 200, 403, 409)),
    (POST, "isaf:nil", (302, 302, 302, 302, 302, 302, 302, 403, 409)),
    (GET, "isaf:register", THING),
    (GET, "isaf:register-problems", THING),
    (GET, "isaf:register-problems-export", THING),
    (GET, "isaf:register-parts", THING),
    (GET, "isaf:register-export", THING),
    (GET, "isaf:register-submit", THING),
    (POST, "isaf:register-submit", THING_CHANGED),
    (GET, "isaf:register-submitted", THING_CHANGED),
    (POST, "isaf:register-cancel", THING_CHANGED),
    (GET, "isaf:invoice", THING),
    (GET, "isaf:crosschecks", NEEDS_RIGHT),
    (GET, "isaf:crosschecks-export", (302, 302, 302, 302, 302, 302, 302, 403, 302)),
    (GET, "isaf:crosscheck-reports", NEEDS_RIGHT),
    (GET, "isaf:crosscheck-order", NEEDS_RIGHT),
    (POST, "isaf:crosscheck-order", NEEDS_RIGHT),
    (GET, "isaf:crosscheck", THING),
    (GET, "isaf:crosscheck-progress", THING),
    (GET, "isaf:crosscheck-export", (302, 302, 302, 302, 302, 302, 404, 403, 409)),
)
