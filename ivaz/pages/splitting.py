"""What the service finds wrong with a split, put at the fields that mend it."""

import re

from imas.kernel.problems import Problem
from intake.presenting import shown
from ivaz import selectors
from ivaz.forms.parts import PartForm
from ivaz.forms.splitting import SplitForm
from ivaz.services.verdicts import Verdict

_FIELD_OF = {
    "LocalTransportDocumentNumber": "number",
    "TimeOfDispatch": "dispatch",
    "EstimatedTimeOfArrival": "arrival",
    "ShipTo": "unload",
    "Consignee": "consignee_code",
    "TransportMeans": "plate",
    "Drivers": "driver",
    "TransporterAddress": "carrier_address",
    "Transporter": "carrier_code",
}
"""Which field of a part shows an element."""


def place(form: SplitForm, verdict: Verdict) -> None:
    """Put the problems of a refused split at their fields; what has none stands above the form."""
    for problem in verdict.problems:
        told = shown(selectors.KIND, problem)
        words = f"{told.message} {told.mend}"
        share, field = _share_of(form, problem), _field_of(problem)
        if share is None:
            form.add_error(None, words)
        else:
            share.add_error(field, words)


def _share_of(form: SplitForm, problem: Problem) -> PartForm | None:
    """Return the part a problem speaks of, told by its place, or by the number of its waybill."""
    found = re.search(r"TransportDocumentSplit\[(\d+)\]", problem.place.path)
    if found and int(found[1]) <= len(form.shares):
        return form.shares[int(found[1]) - 1]
    numbers = (share.cleaned_data["number"] for share in form.shares)
    named = zip(numbers, form.shares, strict=True)
    return next((one for number, one in named if number == problem.place.invoice_no), None)


def _field_of(problem: Problem) -> str | None:
    inwards = [part.partition("[")[0] for part in problem.place.path.split("/")]
    return next((_FIELD_OF[name] for name in reversed(inwards) if name in _FIELD_OF), None)
