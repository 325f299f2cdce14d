"""Addresses of the i.VAZ pages."""

from django.urls import path, re_path

from ivaz.forms.phone import PHONE_ACTS
from ivaz.views import (
    checking,
    consents,
    drafts,
    files,
    phone,
    phone_language,
    roadside,
    splitting,
    trips,
    waybills,
)

app_name = "ivaz"

_ONE = "waybills/<str:rn>/"
_CONSENT = "consents/(?P<consent_role>transporter|consignee)/"
_ROADSIDE = "roadside/<uuid:roadside_search_id>/"
_DRAFT = "drafts/<uuid:draft_id>/"
_PHONE = "phone/waybills/<str:rn>/"

urlpatterns = [
    path("", waybills.waybills, name="waybills"),
    path("confirm/", waybills.waybills_confirm, name="waybills-confirm"),
    path("upload/", files.upload, name="upload"),
    path("files/", files.files, name="files"),
    path("files/<uuid:waybill_file_id>/", files.file, name="file"),
    path("files/<uuid:waybill_file_id>/progress/", files.file_progress, name="file-progress"),
    re_path(
        r"^files/(?P<waybill_file_id>[0-9a-f-]{36})/problems\.(?P<form>xlsx|csv)$",
        files.file_problems,
        name="file-problems",
    ),
    path("consents/", consents.consents, name="consents"),
    re_path(f"^{_CONSENT}give/$", consents.consent_give, name="consent-give"),
    re_path(f"^{_CONSENT}withdraw/$", consents.consent_withdraw, name="consent-withdraw"),
    path("trip/", trips.trip, name="trip"),
    path("trip/pdf/", trips.trip_pdf, name="trip-pdf"),
    path("phone/", phone.phone, name="phone"),
    path("phone/worker.js", phone.worker, name="phone-worker"),
    path("phone/away/", phone.away, name="phone-away"),
    path("phone/language/", phone_language.choose, name="phone-language"),
    path("phone/standing/", phone.standing, name="phone-standing"),
    path(_PHONE, phone.waybill, name="phone-waybill"),
    *(path(f"{_PHONE}{act}/", phone.act, {"act": act}, name=f"phone-{act}") for act in PHONE_ACTS),
    path("new/", drafts.waybill_new, name="new"),
    path("new/invoice/", drafts.waybill_from_invoice, name="new-from-invoice"),
    path("new/sale/", drafts.waybill_from_sale, name="new-from-sale"),
    path("book/", drafts.book, name="book"),
    path("choices/", drafts.choices, name="choices"),
    *(
        path(f"{_DRAFT}{step}/", drafts.draft_step, {"step": step}, name=f"draft-{step}")
        for step in ("parties", "carriage", "goods")
    ),
    path("announced/<str:reserved_arn>/", drafts.waybill_complete, name="waybill-complete"),
    path(f"{_DRAFT}check/", drafts.draft_check, name="draft-check"),
    path(f"{_DRAFT}submit/", drafts.draft_submit, name="draft-submit"),
    path(f"{_DRAFT}begin/", drafts.draft_begin, name="draft-begin"),
    path(f"{_DRAFT}template/", drafts.draft_template, name="draft-template"),
    path(f"{_DRAFT}discard/", drafts.draft_discard, name="draft-discard"),
    path("check/keys.json", checking.keys, name="check-keys"),
    path("check/<str:token>/", checking.check, name="check"),
    path("roadside/", roadside.search, name="roadside"),
    path("roadside/log/", roadside.log, name="roadside-log"),
    path("roadside/square/<str:token>/", roadside.square, name="roadside-square"),
    path(_ROADSIDE, roadside.found, name="roadside-search"),
    path(f"{_ROADSIDE}<str:rn>/", roadside.waybill, name="roadside-waybill"),
    path(_ONE, waybills.waybill, name="waybill"),
    path(f"{_ONE}pdf/", waybills.waybill_pdf, name="waybill-pdf"),
    path(f"{_ONE}copy/", drafts.waybill_copy, name="waybill-copy"),
    path(f"{_ONE}xml/", waybills.waybill_xml, name="waybill-xml"),
    path(f"{_ONE}accept/", waybills.waybill_accept, name="waybill-accept"),
    path(f"{_ONE}deliver/", waybills.waybill_deliver, name="waybill-deliver"),
    path(f"{_ONE}receive/", waybills.waybill_receive, name="waybill-receive"),
    path(f"{_ONE}object/", waybills.waybill_object, name="waybill-object"),
    path(f"{_ONE}attach/", waybills.waybill_attach, name="waybill-attach"),
    path(
        f"{_ONE}documents/<int:waybill_document_id>/",
        waybills.waybill_file,
        name="waybill-document",
    ),
    path(f"{_ONE}cancel/", waybills.waybill_cancel, name="waybill-cancel"),
    path(f"{_ONE}reload/", waybills.waybill_reload, name="waybill-reload"),
    path(f"{_ONE}split/", splitting.waybill_split, name="waybill-split"),
]
