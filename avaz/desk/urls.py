"""Addresses of the desk."""

from django.urls import include, path
from django.views.i18n import set_language

from avaz.desk.views import link, pages, sms

_PAGES = [
    path("", pages.announce, name="announce"),
    path("sign-in/", pages.sign_in, name="sign-in"),
    path("sign-out/", pages.sign_out, name="sign-out"),
    path("arns/", pages.arns, name="arns"),
    path("arns/<str:arn>/", pages.arn, name="arn"),
]

urlpatterns = [
    path("", include((_PAGES, "avaz-desk"))),
    path("healthz", pages.healthz, name="healthz"),
    path("language/", set_language, name="set_language"),
    path("link/accesses", link.accesses, name="link-accesses"),
    path("link/registrations", link.registrations, name="link-registrations"),
    path("sms/kannel", sms.kannel, name="sms-kannel"),
]
