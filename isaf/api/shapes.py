"""What the web service answers, field by field. Amounts are strings with two decimals."""

from typing import Any

from rest_framework import serializers

from imas.web.db import SUM_DIGITS
from intake.models import Document, ProblemRow
from intake.types import DocumentState, Stage
from isaf.models import Register, RegisterPart
from isaf.selectors import InvoiceRow
from isaf.types import RegisterState, RegisterType


class ReceiptOut(serializers.Serializer[Document]):
    """What the taxpayer keeps as proof of sending."""

    number = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes as sent.")
    received_at = serializers.DateTimeField()


class FileReceivedOut(serializers.Serializer[Document]):
    """A file as it was taken in."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(list(DocumentState))
    receipt = ReceiptOut(source="*")


class ProgressOut(serializers.Serializer[Document]):
    """How far judging is."""

    stage = serializers.ChoiceField(list(Stage))
    bytes = serializers.IntegerField(source="bytes_read")
    total_bytes = serializers.IntegerField()
    records = serializers.IntegerField()


class LineOut(serializers.Serializer[Any]):
    """A place in the line: files before it, and the seconds that the latest ones waited."""

    ahead = serializers.IntegerField()
    waited_lately = serializers.IntegerField(allow_null=True)


class ProblemTotalOut(serializers.Serializer[Any]):
    """How often a code was found, exactly."""

    code = serializers.CharField()
    severity = serializers.CharField()
    count = serializers.IntegerField()


class CountsOut(serializers.Serializer[Any]):
    """Records in the file by register."""

    sales = serializers.IntegerField()
    purchases = serializers.IntegerField()
    settlements = serializers.IntegerField()


class FileOut(FileReceivedOut):
    """A file with its verdict, as far as there is one."""

    dry_run = serializers.BooleanField()
    progress = ProgressOut(source="*")
    line = LineOut(allow_null=True, help_text="Null once the work on the file has begun.")
    counts = CountsOut()
    problems_summary = ProblemTotalOut(many=True)
    problems_limit_reached = serializers.BooleanField()
    registers = serializers.ListField(child=serializers.CharField())
    first_copy = serializers.UUIDField(allow_null=True)


class WordsOut(serializers.Serializer[Any]):
    """A sentence in both languages."""

    lt = serializers.CharField()
    en = serializers.CharField()


class ProblemOut(serializers.Serializer[ProblemRow]):
    """One finding with its place."""

    code = serializers.CharField()
    system_code = serializers.CharField()
    reason = serializers.CharField()
    severity = serializers.CharField()
    message = WordsOut()
    line = serializers.IntegerField(allow_null=True)
    column = serializers.IntegerField(allow_null=True)
    path = serializers.CharField()
    register = serializers.CharField()
    invoice_no = serializers.CharField()
    value = serializers.CharField()


class ProblemsOut(serializers.Serializer[Any]):
    """A page of the kept findings of a file; `next` is the cursor of the following one."""

    items = ProblemOut(many=True)
    next = serializers.CharField(allow_null=True)


class RegisterOut(serializers.Serializer[Register]):
    """A register with its state and sums in euros."""

    number = serializers.CharField()
    type = serializers.ChoiceField(list(RegisterType))
    period = serializers.CharField(source="period.code")
    start = serializers.DateField()
    end = serializers.DateField()
    deadline = serializers.DateField(source="period.deadline")
    state = serializers.ChoiceField(list(RegisterState))
    relevance = serializers.SerializerMethodField()
    revision = serializers.IntegerField()
    invoices = serializers.IntegerField()
    taxable = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)
    # The names are those of the contract; the framework uses them for itself.
    errors = serializers.IntegerField(source="all_errors")  # type: ignore[assignment]
    warnings = serializers.IntegerField(source="all_warnings")
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)

    def get_relevance(self, register: Any) -> bool | None:
        """Return the official relevance; there is none while a register is prepared."""
        return None if register.state == RegisterState.PREPARING else register.relevant


class RegistersOut(serializers.Serializer[Any]):
    """Registers, newest period first."""

    items = RegisterOut(many=True)


class PartOut(serializers.Serializer[RegisterPart]):
    """A part of a register and the file it came from."""

    part_number = serializers.CharField()
    file = serializers.UUIDField(source="part.document_id", allow_null=True)
    # The name is that of the contract; the framework uses it for itself.
    source = serializers.CharField(source="part.source")  # type: ignore[assignment]
    created_at = serializers.DateTimeField(source="part.created_at")
    invoices = serializers.IntegerField(source="part.invoices")
    taxable = serializers.DecimalField(SUM_DIGITS, 2, source="part.taxable")
    vat = serializers.DecimalField(SUM_DIGITS, 2, source="part.vat")


class RegisterDetailOut(RegisterOut):
    """A register with its parts and the exact numbers of what its own checks found."""

    parts = PartOut(source="seen", many=True)
    problems_summary = ProblemTotalOut(many=True)


class InvoiceOut(serializers.Serializer[InvoiceRow]):
    """An invoice of a register; amounts in euros."""

    number = serializers.CharField()
    issued = serializers.DateField()
    type = serializers.CharField()
    counterparty_vat = serializers.CharField()
    counterparty_code = serializers.CharField()
    counterparty_name = serializers.CharField()
    country = serializers.CharField()
    taxable = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)
    total = serializers.DecimalField(SUM_DIGITS, 2)
    part_number = serializers.CharField()
    line = serializers.IntegerField()
    problems = serializers.IntegerField(source="found")


class InvoicesOut(serializers.Serializer[Any]):
    """A page of invoices; `next` is the cursor of the following one, null on the last."""

    items = InvoiceOut(many=True)
    next = serializers.CharField(allow_null=True)
