"""Web services for a taxpayer: `X-Taxpayer: CODE` says for whom a program acts."""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiKey, User
from imas.kernel import clock
from imas.kernel.errors import DomainError, ForbiddenError
from representation import selectors
from representation.models import Taxpayer
from representation.services import acting_of
from representation.types import Acting, WhyKind

HEADER = "X-Taxpayer"


def acting_for(request: Request) -> Acting:
    """Return the owner of the key acting for the taxpayer that the header names.

    Its rights are those the person has now and the key was given; the key must name the
    taxpayer. Anything short of that gets one answer, whether such a taxpayer exists or not.
    """
    code = request.headers.get(HEADER, "").strip()
    if not code:
        raise DomainError("taxpayer-header-missing")
    acting = _narrowed(request.user, request.auth, code, clock.now())
    if acting is None or not acting.rights:
        raise ForbiddenError("taxpayer-not-yours")
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

    def get_rights(self, acting: Acting) -> list[str]:
        """Return the rights in a steady order."""
        return sorted(acting.rights)


class TaxpayersView(APIView):
    """The taxpayers a key opens."""

    @extend_schema(operation_id="taxpayers", responses=TaxpayerOut(many=True))
    def get(self, request: Request) -> Response:
        """List them by name with the rights that count now."""
        user, key, now = cast("User", request.user), cast("ApiKey", request.auth), clock.now()
        possible = selectors.taxpayers_of(user, clock.today())
        named = [
            _narrow(acting_of(user, taxpayer, now), key)
            for taxpayer in possible.filter(code__in=key.taxpayer_codes)
        ]
        opened = [one for one in named if one and one.rights]
        return Response([TaxpayerOut(one).data for one in opened])


def _narrowed(user: Any, key: Any, code: str, now: datetime) -> Acting | None:
    if not isinstance(key, ApiKey) or code not in key.taxpayer_codes:
        return None
    taxpayer = Taxpayer.objects.by_code(code).first()
    return _narrow(acting_of(user, taxpayer, now), key) if taxpayer else None


def _narrow(acting: Acting | None, key: ApiKey) -> Acting | None:
    if acting is None:
        return None
    why = replace(acting.why, kind=WhyKind.KEY, detail=f"{acting.why.kind} {key.prefix}")
    return replace(acting, rights=acting.rights & set(key.rights), why=why, key_id=key.pk)
