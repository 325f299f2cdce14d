"""Addresses of the house: the only place that knows all subsystems."""

from django.urls import include, path

from accounts.pki import views as authority
from accounts.views import set_language
from imas.web.health import healthz, readyz
from imas.web.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("language/", set_language, name="set_language"),
    path("ca/root.crt", authority.root, name="ca-root"),
    path("ca/revoked.crl", authority.revoked_list, name="ca-revoked"),
    path("api/v1/", include("imas.api_urls")),
    path("isaf-uploader/services/", include("isaf.soap_urls")),
    path("ivaz-processor/services/", include("ivaz.soap_urls")),
    path("", include("accounts.urls")),
    path("", include("representation.urls")),
    path("mailbox/", include("mailbox.urls")),
    path("isaf/", include("isaf.urls")),
    path("ivaz/", include("ivaz.urls")),
    path("avaz/", include("avaz.urls")),
    path("", include("exchange.urls")),
    path("eds/", include("exchange.desk.urls")),
]

handler400 = "imas.web.views.bad_request"
handler403 = "imas.web.views.permission_denied"
handler404 = "imas.web.views.not_found"
handler500 = "imas.web.views.server_error"
