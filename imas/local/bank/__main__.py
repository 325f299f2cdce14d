"""`python -m imas.local.bank PORT`: the pretended bank of a local run, on this machine only."""

import sys

from imas.embedded.notes import var_dir
from imas.local.bank.server import Bank, Handler

if __name__ == "__main__":
    Bank(int(sys.argv[1]), var_dir() / "bank", Handler).serve_forever()
