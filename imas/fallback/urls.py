"""Addresses of the desk."""

from django.urls import include, path

urlpatterns = [path("", include("avaz.desk.urls"))]

handler400 = "imas.web.views.bad_request"
handler403 = "imas.web.views.permission_denied"
handler404 = "imas.web.views.not_found"
handler500 = "imas.web.views.server_error"
