"""Addresses of entering by hand."""

from django.urls import URLPattern, path

from isaf.views import entering, importing

_SHEET = "<period:period>/<register:register>/"

urlpatterns: list[URLPattern] = [
    path("<period:period>/hand-over/", entering.entry_hand_over, name="entry-hand-over"),
    path(_SHEET, entering.entry, name="entry"),
    path(f"{_SHEET}check/", entering.entry_check, name="entry-check"),
    path(f"{_SHEET}parties/", entering.entry_parties, name="entry-parties"),
    path(f"{_SHEET}import/", importing.entry_import, name="entry-import"),
    path(f"{_SHEET}import/<uuid:import_id>/", importing.entry_columns, name="entry-columns"),
    path(f"{_SHEET}<int:row_id>/", entering.entry_row, name="entry-row"),
    path(f"{_SHEET}<int:row_id>/remove/", entering.entry_remove, name="entry-remove"),
    path(f"{_SHEET}<int:row_id>/cancel/", entering.entry_cancel, name="entry-cancel"),
]
