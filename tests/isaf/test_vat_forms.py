"""The forms of VAT codes, held to an independent list of check-digit rules."""

from random import Random

import pytest
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from imas.kernel.identifiers import EU_VAT_PREFIXES
from isaf.rules.vat_forms import VAT_FORMS

TRIED = 1500


def test_every_member_has_a_form() -> None:
    assert set(VAT_FORMS) == EU_VAT_PREFIXES


@pytest.mark.parametrize("prefix", sorted(VAT_FORMS))
def test_whatever_is_a_valid_code_as_it_is_written_has_its_form(prefix: str) -> None:
    chance = Random(prefix)  # noqa: S311 - the same codes every time, no secret
    wrong = [
        code
        for code in (prefix + _body(chance, prefix) for _ in range(TRIED))
        if _is_valid_as_written(code) and not VAT_FORMS[prefix].fullmatch(code[2:])
    ]
    assert wrong == []


def _body(chance: Random, prefix: str) -> str:
    digits = "".join(chance.choices("0123456789", k=chance.randint(5, 13)))
    letter = chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    forms = {
        "AT": f"U{digits[:8]}",
        "CY": digits[:8] + letter,
        "ES": chance.choice([digits[:8] + letter, letter + digits[:8], letter + digits[:7] + "A"]),
        "IE": chance.choice([digits[:7] + letter, digits[:7] + letter + "A"]),
        "NL": f"{digits[:9]}B{digits[-2:]}",
        "RO": digits[:10],
    }
    return forms.get(prefix, digits)


def _is_valid_as_written(code: str) -> bool:
    try:
        return bool(vat.validate(code) == code)
    except ValidationError:
        return False
