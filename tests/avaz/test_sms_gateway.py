"""ARNs by message where the operator is reached by HTTP: the desk's clock and a gateway."""

import re
import threading
from pathlib import Path

from imas.embedded.notes import free_port
from imas.local.sms import Catcher
from tests.avaz.fallback import access, running_desk
from tests.running.house import wait_until

CODE, TOKEN = "ABCDEFG", "gateway-token"
ARN = re.compile(r"AV[0-9]{10}")


def test_a_message_waits_until_the_gateway_takes_it(tmp_path: Path) -> None:
    port, told = free_port(), access(CODE)
    with running_desk(tmp_path / "desk") as desk:
        desk.start(
            "clock",
            SMS_GATEWAY_URL=f"http://127.0.0.1:{port}/messages",
            SMS_GATEWAY_TOKEN=TOKEN,
            AVAZ_WATCHED_URL=f"{desk.url}/healthz",
        )
        desk.tell(told)
        browser = desk.browser()
        browser.sign_in(told["email"], CODE)
        (given,) = set(ARN.findall(browser.announce("VAZ 5", send_by="sms").text))
        wait_until(lambda: desk.asked("SELECT attempts FROM avaz_desk_outgoing") == [(1,)])
        gateway = Catcher(port, tmp_path / "sms", TOKEN)
        threading.Thread(target=gateway.serve_forever, daemon=True).start()
        (message,) = wait_until(lambda: list((tmp_path / "sms").glob("*.txt")))
        assert message.name.endswith(f"-{told['phone']}.txt")
        assert given in message.read_text(encoding="utf-8")
        wait_until(lambda: desk.asked("SELECT 1 FROM avaz_desk_outgoing WHERE sent_at NOT NULL"))
        gateway.shutdown()
        gateway.server_close()
