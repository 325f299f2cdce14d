"""What the pages say in Lithuanian, for tests that look at a running house."""

from django.utils import translation

from imas.kernel import clock
from isaf.crosscheck_terms import kind_on
from isaf.matching import SeenState


def lt(text: str, context: str = "") -> str:
    """Return what the page says in the user's language; LookupError where nobody translated it."""
    with translation.override("lt"):
        said = translation.pgettext(context, text) if context else translation.gettext(text)
    if said == text:
        raise LookupError(f"not in the catalogue: {text!r} {context!r}")
    return said


def state(seen: SeenState) -> str:
    """Return what a state of the cross-check is called today."""
    return kind_on(seen, clock.today()).word["lt"]


def meaning(seen: SeenState) -> str:
    """Return what a state of the cross-check means today."""
    return kind_on(seen, clock.today()).meaning["lt"]
