"""Addresses of a person's account."""

from django.urls import path

from accounts import views
from accounts.providers import views as providers

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/through/<slug:provider>/", providers.through, name="through"),
    path("sign-in/through/<slug:provider>/back/", providers.back, name="through-back"),
    path("sign-in/through/<slug:provider>/posted/", providers.posted, name="through-posted"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("rules/", views.rules, name="rules"),
    path("rules/read/", views.rules_again, name="rules-read"),
    path("email/", views.email, name="email"),
    path("email/confirm/<str:token>/", views.confirm_email, name="confirm-email"),
    path("settings/", views.profile, name="profile"),
    path("settings/password/", views.password, name="password"),
]
