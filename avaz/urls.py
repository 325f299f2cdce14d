"""Addresses of a.VAZ in the portal."""

from django.urls import path

from avaz.views import officers, own, public

app_name = "avaz"

urlpatterns = [
    path("", public.status, name="status"),
    path("outages/", public.outages, name="outages"),
    path("outages.json", public.feed, name="feed"),
    path("codes/", own.codes, name="codes"),
    path("codes/<uuid:access_id>/renew/", own.renew, name="renew"),
    path("announced/", own.fallbacks, name="fallbacks"),
    path("announced/<str:arn>/submitted/", own.submitted, name="submitted"),
    path("desk/", officers.outages, name="outages-desk"),
    path("desk/declare/", officers.declare, name="declare"),
    path("desk/announced/", officers.fallbacks, name="fallbacks-desk"),
    path("desk/announced.csv", officers.fallbacks_csv, name="fallbacks-csv"),
    path("desk/<uuid:outage_id>/", officers.outage, name="outage"),
    path("desk/<uuid:outage_id>/end/", officers.end, name="end"),
    path("desk/<uuid:outage_id>/correct/", officers.correct, name="correct"),
    path("desk/<uuid:outage_id>/withdraw/", officers.withdraw, name="withdraw"),
]
