"""Addresses of the i.SAF pages."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from isaf.views import changes, declaring, files, registers, saved_views

app_name = "isaf"

_NUMBER = "registers/<str:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", registers.registers, name="registers"),
    path("upload/", files.upload, name="upload"),
    path("files/", files.files, name="files"),
    path("files/<uuid:document_id>/", files.file, name="file"),
    path("files/<uuid:document_id>/progress/", files.file_progress, name="file-progress"),
    re_path(
        r"^files/(?P<document_id>[0-9a-f-]{36})/problems\.(?P<form>xlsx|csv)$",
        files.file_problems,
        name="file-problems",
    ),
    path("entry/", include("isaf.urls.entering")),
    path("postponements/", include("isaf.urls.postponing")),
    path("nil/<path:period>/", declaring.nil, name="nil"),
    path(_NUMBER, registers.register, name="register"),
    path(f"{_NUMBER}problems/", registers.register_problems, name="register-problems"),
    path(f"{_NUMBER}groups/", registers.register_groups, name="register-groups"),
    re_path(
        r"^registers/(?P<number>[^/]+)/groups\.(?P<form>xlsx|csv)$",
        registers.register_groups_export,
        name="register-groups-export",
    ),
    path(f"{_NUMBER}parts/", registers.register_parts, name="register-parts"),
    re_path(
        r"^registers/(?P<number>[^/]+)/problems\.(?P<form>xlsx|csv)$",
        registers.register_problems_export,
        name="register-problems-export",
    ),
    re_path(
        r"^registers/(?P<number>[^/]+)/invoices\.(?P<form>xlsx|csv)$",
        registers.register_export,
        name="register-export",
    ),
    path(f"{_NUMBER}register.xml", registers.register_xml, name="register-xml"),
    re_path(
        r"^registers/(?P<number>[^/]+)/(?P<retired>FR0671|FR0672|FR0617K)\.(?P<form>xlsx|csv)$",
        registers.register_retired_form,
        name="register-retired-form",
    ),
    path(f"{_NUMBER}changes/", changes.register_changes, name="register-changes"),
    re_path(
        r"^registers/(?P<number>[^/]+)/changes\.(?P<form>xlsx|csv)$",
        changes.register_changes_export,
        name="register-changes-export",
    ),
    path("views/<view_page:page>/save/", saved_views.view_save, name="view-save"),
    path("views/<uuid:view_id>/forget/", saved_views.view_forget, name="view-forget"),
    path(f"{_NUMBER}submit/", registers.register_submit, name="register-submit"),
    path(f"{_NUMBER}submitted/", registers.register_submitted, name="register-submitted"),
    path(f"{_NUMBER}cancel/", registers.register_cancel, name="register-cancel"),
    path(f"{_NUMBER}invoices/<int:part_id>/<int:position>/", registers.invoice, name="invoice"),
    path("cross-checks/", include("isaf.urls.crosscheck")),
    path("returns/", include("isaf.urls.returns")),
]
