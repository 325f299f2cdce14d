"""Addresses of other systems and of the rights in them."""

from django.urls import path

from exchange import views

app_name = "exchange"

urlpatterns = [
    path("systems/", views.systems, name="systems"),
    path("systems/<slug:system_key>/", views.enter, name="enter"),
    path("systems/<slug:system_key>/no-roles/", views.no_roles, name="no-roles"),
    path("rights-elsewhere/", views.rights, name="rights"),
    path("rights-elsewhere/<slug:system_key>/", views.people, name="people"),
    path("rights-elsewhere/<slug:system_key>/<slug:handle>/", views.person_roles, name="person"),
]
