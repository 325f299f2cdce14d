"""Web services for a taxpayer: `X-Taxpayer: CODE` says for whom a program acts."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from django.core.cache import cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiKey, Credential, User
from imas.kernel import clock
from imas.kernel.errors import DomainError, ForbiddenError
from imas.web.lookups import Lookup
from representation import selectors, services
from representation.limits import as_json
from representation.models import Taxpayer
from representation.services import acting_of
from representation.types import Acting, WhyKind

HEADER = "X-Taxpayer"
_DAY = 86_400
_BY_CODE = Lookup(Taxpayer, "code")


def acting_for(request: Request) -> Acting:
    """Return the owner of the key acting for the taxpayer that the header names.

    Its rights are those the person has now and the key was given; the key must name the
    taxpayer. Anything short of that gets one answer, whether such a taxpayer exists or not.
    """
    code = request.headers.get(HEADER, "").strip()
    if not code:
        raise DomainError("taxpayer-header-missing")
    return acting_with(request.user, request.auth, code)


def acting_with(user: Any, key: Any, code: str) -> Acting:
    """Return a person acting for a taxpayer by a credential, as `acting_for` promises."""
    acting = _narrowed(user, key, code, clock.now())
    if acting is None or not acting.rights:
        raise ForbiddenError("taxpayer-not-yours")
    if cache.add(f"use-noted:{acting.user_id}:{services.mark_of(acting)}", 1, _DAY):
        services.note_use(acting)
    return acting


class TaxpayerAPIView(APIView):
    """A view for one taxpayer: `self.acting` is set before the method runs."""

    acting: Acting

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Recognise the key, then the taxpayer."""
        super().initial(request, *args, **kwargs)
        self.acting = acting_for(request)


class TaxpayerOut(serializers.Serializer[Acting]):
    """A taxpayer the key opens, and what it may do there."""

    code = serializers.CharField(source="taxpayer_code")
    vat_code = serializers.CharField(source="taxpayer_vat")
    name = serializers.CharField(source="taxpayer_name")
    rights = serializers.SerializerMethodField()
    limits = serializers.SerializerMethodField()

    def get_limits(self, acting: Acting) -> dict[str, list[dict[str, list[str]]]]:
        """Return the limited rights with the ways in which they are, any of which suffices."""
        return {
            right: [as_json(way) for way in ways]
            for right, ways in sorted(acting.limits.items())
            if right in acting.rights
        }

    def get_rights(self, acting: Acting) -> list[str]:
        """Return the rights in a steady order."""
        return sorted(acting.rights)


class TaxpayersView(APIView):
    """The taxpayers a key opens."""

    @extend_schema(operation_id="taxpayers", responses=TaxpayerOut(many=True))
    def get(self, request: Request) -> Response:
        """List them by name with the rights that count now."""
        user, key, now = cast("User", request.user), cast("Credential", request.auth), clock.now()
        possible = selectors.taxpayers_of(user, clock.today())
        named = [
            _narrow(acting_of(user, taxpayer, now), key)
            for taxpayer in possible.filter(code__in=key.taxpayer_codes)
        ]
        opened = [one for one in named if one and one.rights]
        return Response([TaxpayerOut(one).data for one in opened])


class RotationIn(serializers.Serializer[Any]):
    """How long the old key goes on working."""

    overlap_hours = serializers.IntegerField(default=24, min_value=0)


class RotationOut(serializers.Serializer[Any]):
    """The new key: its text is told this once."""

    key = serializers.CharField()
    prefix = serializers.CharField()
    expires_at = serializers.DateTimeField()
    old_key_until = serializers.DateTimeField()


class KeyRotationView(APIView):
    """The key in use changed for a new one."""

    @extend_schema(operation_id="rotate_key", request=RotationIn, responses={201: RotationOut})
    def post(self, request: Request) -> Response:
        """Issue a key that opens the same and ends on the same day; the old one lives on."""
        if not isinstance(request.auth, ApiKey):
            raise ForbiddenError("only-keys-rotate")
        asked = RotationIn(data=request.data)
        asked.is_valid(raise_exception=True)
        overlap = timedelta(hours=asked.validated_data["overlap_hours"])
        successor, plain = services.rotate_itself(request.auth, overlap)
        told = {
            "key": plain,
            "prefix": successor.prefix,
            "expires_at": successor.expires_at,
            "old_key_until": min(successor.expires_at, clock.now() + overlap),
        }
        answer = Response(RotationOut(told).data, status=201)
        answer["Cache-Control"] = "no-store"
        return answer


def _narrowed(user: Any, key: Any, code: str, now: datetime) -> Acting | None:
    if not isinstance(key, Credential) or code not in key.taxpayer_codes:
        return None
    taxpayer = _BY_CODE.find(code)
    return _narrow(acting_of(user, taxpayer, now), key) if taxpayer else None


def _narrow(acting: Acting | None, key: Credential) -> Acting | None:
    if acting is None:
        return None
    why = replace(acting.why, kind=WhyKind.KEY, detail=f"{acting.why.kind} {key.label}")
    return replace(acting, rights=acting.rights & set(key.rights), why=why, key_id=key.pk)
