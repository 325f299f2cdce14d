"""Addresses of mandates."""

from django.urls import path, re_path

from representation.views import (
    bulk,
    certificates,
    choosing,
    clients,
    four_eyes,
    imports,
    journal,
    keys,
    lookup,
    matrix,
    people,
    reviewing,
    waybills,
    why,
)

app_name = "representation"

urlpatterns = [
    path("", choosing.home, name="home"),
    path("taxpayers/", choosing.choose, name="choose"),
    path("taxpayers/act-for/", choosing.act_for, name="act-for"),
    path("representatives/", people.representatives, name="representatives"),
    path("representatives/new/", people.new_representative, name="representative-new"),
    path("representatives/<uuid:mandate_id>/", people.representative, name="representative"),
    path("representatives/why/", why.why, name="why"),
    path("representatives/why/person/", why.why_somebody, name="why-somebody"),
    path("representatives/give-up/", people.give_up, name="give-up"),
    path("representatives/<uuid:mandate_id>/withdraw/", people.withdraw, name="offer-withdraw"),
    path("representatives/<uuid:mandate_id>/accept/", people.accept_request, name="request-accept"),
    path(
        "representatives/<uuid:mandate_id>/decline/", people.decline_request, name="request-decline"
    ),
    path("representatives/review/", reviewing.review, name="review"),
    path("representatives/review/keep/", reviewing.keep, name="review-keep"),
    path("representatives/review/end/", reviewing.end, name="review-end"),
    path("representatives/four-eyes/on/", four_eyes.switch_on, name="four-eyes-on"),
    path("representatives/four-eyes/off/", four_eyes.propose_switching_off, name="four-eyes-off"),
    path(
        "representatives/proposals/<uuid:proposal_id>/approve/",
        four_eyes.approve,
        name="proposal-approve",
    ),
    path(
        "representatives/proposals/<uuid:proposal_id>/decline/",
        four_eyes.decline,
        name="proposal-decline",
    ),
    path("offers/<str:token>/", clients.offer, name="offer"),
    path("taxpayers/ask/", clients.ask, name="ask"),
    path("clients/", clients.clients, name="clients"),
    path("clients/people/", matrix.matrix, name="matrix"),
    re_path(
        r"^clients/people/export\.(?P<form>xlsx|csv)$", matrix.matrix_export, name="matrix-export"
    ),
    path("clients/people/end/", bulk.bulk_end, name="bulk-end"),
    path("clients/pass-on/", bulk.bulk, name="bulk"),
    path("clients/pass-on/check/", bulk.bulk_check, name="bulk-check"),
    path("clients/pass-on/send/", bulk.bulk_send, name="bulk-send"),
    path("clients/pass-on/list/", bulk.mandate_list, name="mandate-list"),
    path("clients/pass-on/list/send/", bulk.mandate_list_send, name="mandate-list-send"),
    path("clients/<uuid:mandate_id>/pass-on/", clients.pass_on, name="pass-on"),
    path("clients/<uuid:mandate_id>/accept/", clients.accept, name="client-accept"),
    path("clients/<uuid:mandate_id>/decline/", clients.decline, name="client-decline"),
    path("clients/<uuid:mandate_id>/withdraw/", clients.withdraw, name="client-withdraw"),
    path("clients/<uuid:mandate_id>/renounce/", clients.renounce, name="client-renounce"),
    path("clients/<uuid:mandate_id>/end/", clients.end_passed_on, name="passed-on-end"),
    path("journal/", journal.journal, name="journal"),
    re_path(r"^journal\.(?P<form>xlsx|csv)$", journal.journal_export, name="journal-export"),
    path("settings/keys/", keys.keys, name="keys"),
    path("settings/keys/new/", keys.new_key, name="key-new"),
    path("settings/keys/<uuid:key_id>/rotate/", keys.rotate_key, name="key-rotate"),
    path("settings/keys/<uuid:key_id>/revoke/", keys.revoke_key, name="key-revoke"),
    path("representatives/waybills/", waybills.waybill_submitters, name="waybill-submitters"),
    path("taxpayers/lookup/", lookup.lookup, name="lookup"),
    path("taxpayers/lookup/file/", lookup.lookup_file, name="lookup-file"),
    path("registers/imports/", imports.imports, name="imports"),
    path("registers/imports/new/", imports.new_import, name="import-new"),
    path("registers/imports/<uuid:run_id>/", imports.import_shown, name="import"),
    path("registers/imports/<uuid:run_id>/apply/", imports.import_apply, name="import-apply"),
    path("registers/imports/<uuid:run_id>/drop/", imports.import_drop, name="import-drop"),
    path("settings/keys/certificates/", certificates.certificates, name="certificates"),
    path("settings/keys/certificates/new/", certificates.new_certificate, name="certificate-new"),
    path(
        "settings/keys/certificates/<uuid:certificate_id>/",
        certificates.certificate,
        name="certificate",
    ),
    path(
        "settings/keys/certificates/<uuid:certificate_id>/download/",
        certificates.download,
        name="certificate-download",
    ),
]
