"""Pages of a person's account: one thing on each."""

from accounts.views.entering import way_in
from accounts.views.profile import set_language

__all__ = ["set_language", "way_in"]
