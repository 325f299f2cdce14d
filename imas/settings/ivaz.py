"""i.VAZ as the deployment sets it."""

from imas.environ import env_day, env_list

# PEM files of Ed25519 keys that sign the squares of waybills: the first signs, all are published.
# None: papers bear no square.
WAYBILL_SIGNING_KEYS = env_list("WAYBILL_SIGNING_KEYS", "")
# From this day on an e-waybill is refused that names a carrier or a consignee who has not consented
# to e-waybills in i.VAZ.
EWAYBILL_CONSENT_FROM = env_day("EWAYBILL_CONSENT_FROM", "2016-10-01")
