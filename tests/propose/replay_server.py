"""A server of its own process that replays recorded answers, whole or broken: ``python replay_server.py FOLDER``.

Below the path ``/NAME/`` it plays FOLDER/NAME.json, a JSON object: a word of the article → the replies to its requests, in
their order (the last one stays). A reply has ``status``, ``headers``, and as body one of ``raw`` (as it is), ``content``
(of a chat completion with ``finish_reason``), or ``error``; ``hang`` waits that many seconds before it answers, ``drip``
sends the body one byte each tenth of a second. FOLDER/NAME.jsonl gets a line for each request: its headers and its body.
The port is printed.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar


class Replay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path
    lock = threading.Lock()
    asked: ClassVar[Counter[tuple[str, str]]] = Counter()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = body["messages"][-1]["content"]
        name = self.path.split("/")[1]
        script = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        with self.lock:
            with (self.folder / f"{name}.jsonl").open("a", encoding="utf-8") as log:
                seen = {"at": time.monotonic(), "path": self.path, "headers": dict(self.headers), "body": body}
                log.write(json.dumps(seen, ensure_ascii=False) + "\n")
            word = next(word for word in script if word in said)
            turn = self.asked[name, word]
            self.asked[name, word] += 1
        replies = script[word]
        self._reply(replies[min(turn, len(replies) - 1)], body["model"])

    def _reply(self, reply: dict[str, Any], model: str) -> None:
        time.sleep(reply.get("hang", 0))
        content = self._content(reply, model).encode("utf-8")
        self.send_response(reply.get("status", 200))
        for name, value in reply.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            if not reply.get("drip"):
                self.wfile.write(content)
                return
            for byte in content:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.1)
        except ConnectionError:
            pass  # the client has gone, as it should

    @staticmethod
    def _content(reply: dict[str, Any], model: str) -> str:
        if "raw" in reply:
            return str(reply["raw"])
        if "error" in reply:
            return json.dumps({"error": {"message": reply["error"]}})
        content = reply["content"]
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        message = {"role": "assistant", "content": text, "refusal": reply.get("refusal")}
        choice = {"index": 0, "message": message, "finish_reason": reply.get("finish_reason", "stop")}
        usage = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
        whole = {"id": "r1", "object": "chat.completion", "model": f"{model}-0711", "choices": [choice], "usage": usage}
        return json.dumps(whole, ensure_ascii=False)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    Replay.folder = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Replay)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
