"""Registers of invoices: what is held, and how much is taken at once."""

from datetime import timedelta

from imas.settings.environment import env_bool, env_int

# Whether the taxpayer registers held are those of the whole country, so that a code they do not
# know does not exist.
REGISTERS_ARE_WHOLE = env_bool("REGISTERS_ARE_WHOLE", default=False)
# How many records of one register and period may be entered by hand; more come as a file.
ISAF_SHEET_ROWS = env_int("ISAF_SHEET_ROWS", 2000)
# How long after the deadline a day may lie to which somebody asks to postpone it.
ISAF_POSTPONED_LONGEST = timedelta(days=env_int("ISAF_POSTPONED_DAYS", 92))
# How many files a zip of many taxpayers may hold.
ISAF_BATCH_FILES = env_int("ISAF_BATCH_FILES", 1000)
# How many things one side may say of one deal in a day, each of which writes to the other side.
ISAF_DEAL_ENTRIES = env_int("ISAF_DEAL_ENTRIES", 20)
# Officers' pages of i.SAF, for which nobody is represented.
ISAF_DESK = (
    "isaf:postponement-desk",
    "isaf:postponement-decide",
    "isaf:postponement-desk-file",
)
