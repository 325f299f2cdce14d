"""What a program may ask about itself."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiKey, User


class KeyOut(serializers.ModelSerializer[ApiKey]):
    """The key in use, without its secret."""

    taxpayers = serializers.ListField(child=serializers.CharField(), source="taxpayer_codes")

    class Meta:
        model = ApiKey
        fields = ["name", "prefix", "rights", "taxpayers", "expires_at", "last_used_at"]


class MeOut(serializers.Serializer[dict[str, Any]]):
    """The person whose program asks, and the key it asks with."""

    login_name = serializers.CharField()
    name = serializers.CharField()
    language = serializers.CharField()
    key = KeyOut()


class MeView(APIView):
    """Who am I."""

    @extend_schema(operation_id="me", responses=MeOut)
    def get(self, request: Request) -> Response:
        """Return the owner of the key and what the key opens."""
        user, key = cast("User", request.user), request.auth
        me = {
            "login_name": user.login_name,
            "name": user.full_name,
            "language": user.language,
            "key": key,
        }
        return Response(MeOut(me).data)
