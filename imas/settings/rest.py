"""The interface for programs and its description."""

from imas.settings.environment import env_text
from isaf.matching import SeenState
from isaf.returns.forms import FormName
from isaf.types import EntryKind
from ivaz.types import WAYBILLS, Act, ReloadReason, RoadsideReason, Role, Section, State

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_auth.KeyAuthentication",
        "accounts.api_auth.CertificateAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "accounts.throttling.KeyThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"key": env_text("KEY_RATE", "600/min")},
    "EXCEPTION_HANDLER": "imas.web.exceptions.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "i.MAS",
    "DESCRIPTION": "The open interface of the Smart Tax Administration System.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {
        "DocumentState": "intake.types.DocumentState",
        "RegisterState": "isaf.types.RegisterState",
        "DealEntryKind": [(kind.value, kind.value) for kind in EntryKind],
        "ReturnForm": [(name.value, name.value) for name in FormName],
        "WaybillState": [(state.value, state.value) for state in State],
        "ReloadReason": [(reason.value, reason.value) for reason in ReloadReason],
        "RoadsideReason": [(reason.value, reason.value) for reason in RoadsideReason],
        "WaybillAct": [(act.value, act.value) for act in Act],
        "WaybillRole": [(role.value, role.value) for role in Role],
        "WaybillSection": [(section.value, section.value) for section in Section],
        "WaybillKind": [(kind.value, kind.value) for kind in WAYBILLS],
        "PairState": [(state.value, state.value) for state in SeenState],
    },
}
