"""Addresses of mandates."""

from django.urls import path

from representation.views import choosing, journal, keys, people

app_name = "representation"

urlpatterns = [
    path("", choosing.home, name="home"),
    path("taxpayers/", choosing.choose, name="choose"),
    path("taxpayers/act-for/", choosing.act_for, name="act-for"),
    path("representatives/", people.representatives, name="representatives"),
    path("representatives/new/", people.new_representative, name="representative-new"),
    path("representatives/<uuid:mandate_id>/", people.representative, name="representative"),
    path("representatives/give-up/", people.give_up, name="give-up"),
    path("journal/", journal.journal, name="journal"),
    path("settings/keys/", keys.keys, name="keys"),
    path("settings/keys/new/", keys.new_key, name="key-new"),
    path("settings/keys/<uuid:key_id>/revoke/", keys.revoke_key, name="key-revoke"),
]
