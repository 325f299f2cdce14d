"""`python -m imas.embedded start|stop|status|url`."""

import sys

from imas import embedded
from imas.embedded import servers

USAGE = "usage: python -m imas.embedded start|stop|status|url\n"


def main(arguments: list[str]) -> int:
    """Do one verb; `status` answers 3 when the servers are down."""
    match arguments:
        case ["start"]:
            servers.start()
        case ["stop"]:
            servers.stop()
        case ["status"]:
            up = servers.are_up()
            sys.stdout.write("up\n" if up else "down\n")
            return 0 if up else 3
        case ["url"]:
            given = embedded.environment()
            sys.stdout.writelines(
                f"{name}={given[name]}\n" for name in ("DATABASE_URL", "REDIS_URL")
            )
        case _:
            sys.stderr.write(USAGE)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
