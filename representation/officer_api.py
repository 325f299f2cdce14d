"""Web services of the authority's own programs."""

from typing import Any

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.views import APIView

from representation.services.officers import Officer, officer_with_key


class OfficerAPIView(APIView):
    """A view for the authority's own programs: `self.officer` is set before the method runs.

    `right` is what the key must have been given (`representation.rights.OFFICER_RIGHTS`).
    """

    right: str
    officer: Officer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Recognise the key, then the officer and the right; a wrong method is told first."""
        super().initial(request, *args, **kwargs)
        if not hasattr(self, (request.method or "").lower()):
            raise MethodNotAllowed(request.method or "")
        self.officer = officer_with_key(request.user, request.auth, self.right)
