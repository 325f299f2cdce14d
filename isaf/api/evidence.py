"""Web service: what other systems of the authority tell of tax periods."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imas.kernel.money import ZERO
from isaf.returns.standing import LineSource
from isaf.services.evidence import Record, take_evidence
from isaf.services.return_lines import Told
from representation.officer_api import OfficerAPIView

MOST = 1_000
"""So many records are taken at once."""


class EvidenceRecordIn(serializers.Serializer[Any]):
    """A line: `reference` names it in the other system for ever."""

    reference = serializers.CharField(max_length=100)
    taxpayer = serializers.CharField(max_length=11, help_text="The taxpayer's code.")
    period = serializers.CharField(max_length=21, help_text="Code: 2026-10, 2026-Q4, 2026-H2.")
    rule = serializers.CharField(max_length=16, help_text="P:PVM23 for box 26, P:PVM24 for 27.")
    taxable = serializers.DecimalField(12, 2, default=ZERO)
    vat = serializers.DecimalField(12, 2, default=ZERO)
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class EvidenceIn(serializers.Serializer[Any]):
    """Records of one system."""

    records = serializers.ListField(child=EvidenceRecordIn(), max_length=MOST)


class EvidenceRefusedOut(serializers.Serializer[Any]):
    """A record that was not taken."""

    reference = serializers.CharField()
    code = serializers.CharField()


class EvidenceOut(serializers.Serializer[Any]):
    """What became of the records."""

    new = serializers.IntegerField()
    held = serializers.IntegerField()
    refused = EvidenceRefusedOut(many=True)


class EvidenceView(OfficerAPIView):
    """Handing evidence in, by the system that holds it."""

    right = "isaf.evidence"

    @extend_schema(operation_id="evidence_take_in", request=EvidenceIn, responses=EvidenceOut)
    def post(self, request: Request) -> Response:
        """Take in import VAT as ITIS_EU holds it; the same record again changes nothing."""
        asked = EvidenceIn(data=request.data)
        asked.is_valid(raise_exception=True)
        taken = take_evidence(
            self.officer.user, LineSource.ITIS_EU, map(_record, asked.validated_data["records"])
        )
        refused = [{"reference": of, "code": why.code} for of, why in taken.refused]
        answer = {"new": taken.new, "held": taken.held, "refused": refused}
        return Response(EvidenceOut(answer).data)


def _record(given: dict[str, Any]) -> Record:
    told = Told(
        rule=given["rule"],
        taxable=given["taxable"],
        vat=given["vat"],
        note=given["note"],
        source=LineSource.ITIS_EU,
        reference=given["reference"],
    )
    return Record(given["taxpayer"], given["period"], told)
