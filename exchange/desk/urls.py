"""Addresses of the desk, below eds/."""

from django.urls import path

from exchange.desk import views

app_name = "eds"

urlpatterns = [
    path("", views.drafts, name="drafts"),
    path("EDSWebServiceUploadFile.asmx", views.upload, name="upload"),
    path("<int:file_id>/", views.draft, name="draft"),
    path("<int:file_id>/remove/", views.draft_remove, name="draft-remove"),
]
