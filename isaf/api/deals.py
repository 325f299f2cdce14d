"""Web service: one deal of the cross-check, and what its two sides say to each other of it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from intake.idempotency import idempotent
from isaf.api.crosschecks import PairOut
from isaf.matching import Field, SeenState
from isaf.models import DealEntry
from isaf.pages.deals import DealPage
from isaf.services import dealing
from isaf.types import EntryKind
from representation.api import TaxpayerAPIView
from representation.services import journal_view

RIGHT = "isaf.crosscheck"
_FIELDS = [str(field.name).lower() for field in Field]


class EntryIn(serializers.Serializer[Any]):
    """What to say: words, a proposal to take our data, or as the buyer a mark."""

    kind = serializers.ChoiceField(list(EntryKind))
    text = serializers.CharField(
        max_length=2000,
        required=False,
        default="",
        allow_blank=True,
        help_text="Needed for `word`, `disputed` and `not_mine`.",
    )


class EntryOut(serializers.Serializer[DealEntry]):
    """One thing said; `side` is S for the seller, P for the buyer."""

    id = serializers.IntegerField()
    side = serializers.ChoiceField(["S", "P"])
    kind = serializers.ChoiceField(list(EntryKind))
    text = serializers.CharField()
    values = serializers.DictField(
        child=serializers.CharField(), help_text="Of a proposal: the data of its side."
    )
    at = serializers.DateTimeField()


class BecameOut(serializers.Serializer[Any]):
    """When the deal came to be in a state."""

    state = serializers.ChoiceField(list(SeenState))
    differs = serializers.ListField(child=serializers.ChoiceField(_FIELDS))
    since = serializers.DateTimeField()


class DealOut(serializers.Serializer[Any]):
    """A deal: its pairs as they stand, what it was, the buyer's mark and all that was said."""

    pairs = PairOut(many=True)
    mark = serializers.ChoiceField([kind.value for kind in EntryKind][2:], allow_null=True)
    entries = EntryOut(many=True)
    history = BecameOut(many=True)


class DealView(TaxpayerAPIView):
    """One deal."""

    @extend_schema(operation_id="deal", responses=DealOut)
    def get(self, _request: Request, key: int) -> Response:
        """Show a deal by the `deal` of a pair."""
        page = DealPage(self.acting, key)
        journal_view(self.acting, "isaf.deal-seen", page.number)
        told = {
            "pairs": page.pairs,
            "mark": page.mark.kind if page.mark else None,
            "entries": page.entries,
            "history": [
                {
                    "state": was.state,
                    "differs": [str(one.name).lower() for one in was.fields],
                    "since": was.since,
                }
                for was in page.became
            ],
        }
        return Response(DealOut(told).data)


class DealEntriesView(TaxpayerAPIView):
    """What is said of a deal."""

    @extend_schema(operation_id="deal_say", request=EntryIn, responses={201: EntryOut})
    @idempotent(RIGHT)
    def post(self, request: Request, key: int) -> Response:
        """Say something to the other side of a deal."""
        asked = EntryIn(data=request.data)
        asked.is_valid(raise_exception=True)
        kind, text = EntryKind(asked.validated_data["kind"]), asked.validated_data["text"]
        if kind is EntryKind.WORD:
            entry = dealing.say(self.acting, key, text)
        elif kind is EntryKind.PROPOSAL:
            entry = dealing.propose(self.acting, key, text)
        else:
            entry = dealing.mark(self.acting, key, kind, text)
        return Response(EntryOut(entry).data, status.HTTP_201_CREATED)
