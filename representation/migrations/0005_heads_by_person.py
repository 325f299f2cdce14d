import hashlib

from django.db import migrations
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Concat


def by_person(apps, schema_editor) -> None:
    """Let a head be known by the fingerprint of his personal code, not by his account.

    Who has no personal code yet gets a fingerprint that stands for the account alone, so that no
    head loses his company; a register that names him by code will end and replace the row.
    """
    headship = apps.get_model("representation", "Headship")
    user = apps.get_model("accounts", "User")
    nameless = user.objects.filter(
        personal_code_hash="", pk__in=headship.objects.values("user")
    )
    for pk in nameless.values_list("pk", flat=True):
        stand_in = hashlib.sha256(f"account {pk}".encode()).hexdigest()
        user.objects.filter(pk=pk).update(personal_code_hash=stand_in)
    whose = user.objects.filter(pk=OuterRef("user"))
    headship.objects.update(
        person=Subquery(whose.values("personal_code_hash")),
        person_name=Subquery(
            whose.annotate(
                full=Concat(F("first_name"), Value(" "), F("last_name"))
            ).values("full")
        ),
    )


def by_account(apps, schema_editor) -> None:
    """Give the rows their accounts back; a head without an account cannot be kept so."""
    user = apps.get_model("accounts", "User")
    whose = user.objects.filter(personal_code_hash=OuterRef("person"))
    apps.get_model("representation", "Headship").objects.update(
        user=Subquery(whose.values("pk")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [
        ("representation", "0004_posts"),
        ("accounts", "0001_initial"),
    ]

    operations = [migrations.RunPython(by_person, by_account)]
