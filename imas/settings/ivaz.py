"""i.VAZ as the deployment sets it."""

from imas.environ import env_day, env_int, env_list

# PEM files of Ed25519 keys that sign the squares of waybills: the first signs, all are published.
# None: papers bear no square.
WAYBILL_SIGNING_KEYS = env_list("WAYBILL_SIGNING_KEYS", "")
# From this day on an e-waybill is refused that names a carrier or a consignee who has not consented
# to e-waybills in i.VAZ.
EWAYBILL_CONSENT_FROM = env_day("EWAYBILL_CONSENT_FROM", "2016-10-01")
# Officers on the road find what is under way, or was dispatched in so many last days.
ROADSIDE_DAYS = env_int("ROADSIDE_DAYS", 30)
# How often an officer may search in an hour, on pages and by his programs together.
ROADSIDE_PER_HOUR = env_int("ROADSIDE_PER_HOUR", 120)
# Pages of officers on the road and of the authority's log of them, for which nobody is represented.
IVAZ_DESK = (
    "ivaz:roadside",
    "ivaz:roadside-log",
    "ivaz:roadside-square",
    "ivaz:roadside-search",
    "ivaz:roadside-waybill",
)
# How many bytes a file may have, unpacked, that is judged before the answer (SOAP); larger ones are
# sent by REST or on a page.
IVAZ_SYNC_FILE_BYTES = env_int("IVAZ_SYNC_FILE_BYTES", 2 * 1024 * 1024)
# How many seconds such a file waits for files of the same taxpayer sent before it.
IVAZ_SYNC_SECONDS = env_int("IVAZ_SYNC_SECONDS", 5)
