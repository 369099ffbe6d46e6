"""Requests to ``/sparql`` of the page's own application, with any engine behind it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from kg.query.engine import SECONDS
from kg.query.protocol import Reply
from kg.serve import create_app
from kg.serve.opened.store import ServedStore


class ServedEndpoint:
    """The application over a store; of a request it says what the server answers."""

    def __init__(self, folder: Path) -> None:
        self._store = ServedStore(folder)
        self._client = TestClient(create_app(self._store), base_url="http://127.0.0.1")

    def __call__(
        self,
        engine: Any,
        method: str,
        query_string: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        seconds: float = SECONDS,
    ) -> Reply:
        """``engine`` takes the place of the store's own; ``query_string`` is what stands behind ``?``, still encoded."""
        self._store.worker = lambda: nullcontext(engine)  # type: ignore[method-assign]
        self._store.query_seconds = seconds
        answer = self._client.request(method, f"/sparql?{query_string}", headers=dict(headers), content=body)
        return Reply(answer.status_code, answer.content, answer.headers)

    def close(self) -> None:
        self._store.close()
