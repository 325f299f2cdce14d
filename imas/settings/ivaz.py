"""i.VAZ as the deployment sets it."""

from imas.environ import env_list

# PEM files of Ed25519 keys that sign the squares of waybills: the first signs, all are published.
# None: papers bear no square.
WAYBILL_SIGNING_KEYS = env_list("WAYBILL_SIGNING_KEYS", "")
