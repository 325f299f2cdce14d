"""What a program may ask about itself."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiKey, Certificate, User


class KeyOut(serializers.ModelSerializer[ApiKey]):
    """The key in use, without its secret."""

    taxpayers = serializers.ListField(child=serializers.CharField(), source="taxpayer_codes")

    class Meta:
        model = ApiKey
        fields = ["name", "prefix", "rights", "taxpayers", "expires_at", "last_used_at"]


class CertificateOut(serializers.ModelSerializer[Certificate]):
    """The certificate in use."""

    taxpayers = serializers.ListField(child=serializers.CharField(), source="taxpayer_codes")

    class Meta:
        model = Certificate
        fields = ["name", "serial", "rights", "taxpayers", "expires_at", "last_used_at"]


class MeOut(serializers.Serializer[dict[str, Any]]):
    """The person whose program asks, and the key or the certificate it asks with."""

    login_name = serializers.CharField()
    name = serializers.CharField()
    language = serializers.CharField()
    key = KeyOut(allow_null=True)
    certificate = CertificateOut(allow_null=True)


class MeView(APIView):
    """Who am I."""

    @extend_schema(operation_id="me", responses=MeOut)
    def get(self, request: Request) -> Response:
        """Return the owner of the key or certificate, and what it opens."""
        user, used = cast("User", request.user), request.auth
        me = {
            "login_name": user.login_name,
            "name": user.full_name,
            "language": user.language,
            "key": used if isinstance(used, ApiKey) else None,
            "certificate": used if isinstance(used, Certificate) else None,
        }
        return Response(MeOut(me).data)
