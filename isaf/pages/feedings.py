"""What the page of an invoice tells of preliminary returns: the boxes its amounts stand in."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse

from imas.web.periods import period_name
from isaf.models import Register
from isaf.pages.returns import rule_name
from isaf.returns.boxes import Sums, given
from isaf.returns.forms import FormName, boxes_on
from isaf.returns.rules import Rule, rules_on
from isaf.returns.standing import Counted
from isaf.selectors import InvoiceDetail
from isaf.selectors.feeding import Feeding, feedings_of
from isaf.selectors.returns import RIGHT
from isaf.words import returns as words
from representation.types import Acting


def feedings_shown(
    acting: Acting, register: Register, detail: InvoiceDetail
) -> "list[ShownFeeding]":
    """Return what an invoice gives to returns, to whoever may know of these."""
    if not acting.may(RIGHT):
        return []
    return [ShownFeeding(one) for one in feedings_of(acting, register, detail.invoice)]


class ShownFeeding:
    """What an invoice gives to one return."""

    def __init__(self, feeding: Feeding) -> None:
        self.version = feeding.version
        self.found = feeding.version.of
        self.gifts = feeding.gifts

    @property
    def title(self) -> str:
        """The form and its period."""
        return f"{self.found.form}, {period_name(self.found.period)}"

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each amount: the box it is in, or why it is in none."""
        rules = rules_on(self.found.start)
        for (standing, name), sums in self.gifts.items():
            rule = rules.get(name)
            word = rule_name(rule) if rule else ""
            if standing is not Counted.COUNTED or rule is None:
                url = reverse("isaf:return-apart", args=[self.found.pk, standing])
                why = str(words.COUNTED[standing])
                yield {"rule": word, "name": why, "amount": sums.taxable, "url": url}
                continue
            for name_of, url, amount in self._boxes(rule, sums):
                yield {"rule": word, "name": name_of, "amount": amount, "url": url}

    def _boxes(self, rule: Rule, sums: Sums) -> Iterator[tuple[str, str, Decimal]]:
        if self.found.form == FormName.LIST:
            url = reverse("isaf:return", args=[self.found.pk])
            yield str(words.COLUMNS[rule.list_field]), url, sums.taxable
            return
        boxes = boxes_on(self.found.start)
        for number, amount in given(rule, sums, self.version.percent):
            url = reverse("isaf:return-box", args=[self.found.pk, number])
            name = f"{number}. {words.box_name(boxes[number])}"
            yield name, f"{url}?rule={rule.name}", amount
