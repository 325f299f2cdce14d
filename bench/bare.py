"""The reference of `bench.posting`: a bare DRF view that inserts one row, in a bare project.

No authentication, no rights, no rules, no journal; JSON is parsed, its one field validated, one row
with an index written and answered, as the tutorial of DRF has it.
"""

import os
from typing import Any

import dj_database_url
from django.conf import settings

settings.configure(
    SECRET_KEY="bench",  # noqa: S106 - signs nothing
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {**dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600)}},
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
    USE_TZ=True,
)

from django.core.wsgi import get_wsgi_application  # noqa: E402 - settings come first

application = get_wsgi_application()

from django.db import models  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, serializers  # noqa: E402


class Row(models.Model):
    """A row of one JSON value."""

    content = models.JSONField()

    class Meta:
        app_label = "bare"
        db_table = "bare_row"

    def __str__(self) -> str:
        return f"{self.pk}"


class RowShape(serializers.ModelSerializer[Row]):
    """The row as JSON."""

    class Meta:
        model = Row
        fields = ["id", "content"]


class RowsView(generics.CreateAPIView[Any]):
    """Insert a row."""

    serializer_class = RowShape


urlpatterns = [path("rows", RowsView.as_view())]
