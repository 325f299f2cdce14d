"""`python -m imas.local.systems PORT PORT PORT`: Mano VMI, EDS and AIS of a local run."""

import os
import sys
from pathlib import Path
from threading import Thread

from imas.embedded.notes import var_dir
from imas.local.systems.ais import Ais
from imas.local.systems.server import System
from imas.local.systems.setting_up import SYSTEMS, Described, secret_of


def _made(one: Described, port: int, folder: Path) -> System:
    told = (port, os.environ["SITE_URL"], one.key, secret_of(folder, one.key), one.name_lt)
    return Ais(*told, keeps=folder / "roles.json") if one.takes_roles else System(*told)


if __name__ == "__main__":
    started = [
        _made(one, int(port), var_dir() / "systems")
        for one, port in zip(SYSTEMS, sys.argv[1:], strict=True)
    ]
    for system in started[1:]:
        Thread(target=system.serve_forever, daemon=True).start()
    started[0].serve_forever()
