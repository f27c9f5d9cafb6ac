"""`up` with real PostgreSQL and Redis and stand-ins for its programs, to test starting and stopping."""

import http.server
import sys

from casemgr.embedded import up
from casemgr.embedded.surroundings import Wishes


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        return


def _crew(wishes: Wishes) -> dict[str, list[str]]:
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    web = [sys.executable, "-m", "tests.casemgr.small_up", "serve", str(wishes.port)]
    return {"web": web, "worker": sleeper}


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Answer).serve_forever()
    up.crew = _crew
    up._prepare = lambda wishes, environment, claim: {"link": "/demonstration/0"}
    sys.exit(up.main(sys.argv[1:]))
