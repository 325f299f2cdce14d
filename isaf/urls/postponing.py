"""Addresses of postponing deadlines: the taxpayer's requests and the officers' desk."""

from django.urls import URLPattern, path

from isaf.views import postponing

_ONE = "<uuid:postponement_id>/"

urlpatterns: list[URLPattern] = [
    path("desk/", postponing.desk, name="postponement-desk"),
    path(f"desk/{_ONE}", postponing.desk_decide, name="postponement-decide"),
    path(
        f"desk/{_ONE}files/<int:postponement_file_id>/",
        postponing.desk_file,
        name="postponement-desk-file",
    ),
    path("ask/<period:period>/", postponing.postpone, name="postpone"),
    path(_ONE, postponing.postponement, name="postponement"),
    path(f"{_ONE}withdraw/", postponing.postponement_withdraw, name="postponement-withdraw"),
    path(
        f"{_ONE}files/<int:postponement_file_id>/",
        postponing.postponement_file,
        name="postponement-file",
    ),
]
