"""Addresses of preliminary returns, below returns/."""

from django.urls import path, re_path

from isaf.views import return_files as files
from isaf.views import returns as views

_ONE = "<uuid:return_id>/"

urlpatterns = [
    path("", views.returns, name="returns"),
    path("order/", views.return_order, name="return-order"),
    path("standing/stop/", views.returns_standing_stop, name="returns-standing-stop"),
    path(_ONE, views.return_seen, name="return"),
    path(f"{_ONE}progress/", views.return_progress, name="return-progress"),
    path(f"{_ONE}boxes/<slug:box>/", views.return_box, name="return-box"),
    path(f"{_ONE}apart/<slug:standing>/", views.return_apart, name="return-apart"),
    path(f"{_ONE}settings/", views.return_settings, name="return-settings"),
    path(f"{_ONE}lines/", views.return_line, name="return-line"),
    path(f"{_ONE}lines/<int:line_id>/remove/", views.return_line_remove, name="return-line-remove"),
    path(
        "lines/<int:line_id>/files/<int:proof_id>/", files.return_line_file, name="return-line-file"
    ),
    path(f"{_ONE}confirm/", views.return_confirm, name="return-confirm"),
    path(f"{_ONE}filed/", views.return_filed, name="return-filed"),
    path(f"{_ONE}correct/", views.return_correct, name="return-correct"),
    re_path(
        r"^(?P<return_id>[0-9a-f-]{36})/boxes\.(?P<form>xlsx|csv)$",
        files.return_boxes_export,
        name="return-boxes-export",
    ),
    re_path(
        r"^(?P<return_id>[0-9a-f-]{36})/export\.(?P<form>xlsx|csv|pdf|ffdata)$",
        files.return_export,
        name="return-export",
    ),
]
