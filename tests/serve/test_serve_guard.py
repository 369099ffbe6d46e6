"""Who is answered: this machine's own names, no other site, reading only; and what every answer carries."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest

from kg.errors import UsageError
from kg.serve.app import PAGES
from kg.serve.run import HOST, _listen, serve

PATHS = ["/", "/api/summary", "/page/main.js", "/sparql?query=ASK%7B%7D", "/nothing"]


def test_the_page_can_be_opened_when_it_is_said_to_be_ready(served_folder: Path) -> None:
    class Opened(Exception):
        pass

    def ready(address: str) -> None:
        with socket.create_connection((HOST, int(address.rstrip("/").rpartition(":")[2])), timeout=5):
            raise Opened

    with pytest.raises(Opened):
        serve(served_folder, port=0, ready=ready)


def test_of_two_pages_started_at_once_the_second_is_told_that_the_port_is_taken() -> None:
    with _listen(0) as first, pytest.raises(UsageError, match="cannot be used"):
        _listen(first.getsockname()[1])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "127.0.0.1:80:80", "0.0.0.0"]
)
def test_foreign_host_is_refused(client: httpx.Client, path: str, host: str) -> None:
    assert client.get(path, headers={"host": host}).status_code in (400, 421)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"])
def test_foreign_origin_is_refused(client: httpx.Client, origin: str) -> None:
    assert client.get("/api/summary", headers={"origin": origin}).status_code == 403
    asked = {"query": "ASK {}"}
    assert client.post("/sparql", data=asked, headers={"origin": origin}).status_code == 403


def test_own_origin_is_heard(client: httpx.Client, address: str) -> None:
    assert client.get("/api/summary", headers={"origin": address}).status_code == 200


FOREIGN = {"sec-fetch-site": "cross-site"}
LINK = FOREIGN | {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def test_what_another_site_loads_is_refused_but_a_link_is_followed(client: httpx.Client) -> None:
    assert client.get("/api/summary", headers=FOREIGN | {"sec-fetch-mode": "no-cors"}).status_code == 403
    for page in PAGES:
        assert client.get(f"/{page}", headers=LINK).status_code == 200
        assert client.get(f"/{page}", headers=LINK | {"sec-fetch-dest": "iframe"}).status_code == 403
    assert client.get("/graph?id=x", headers=LINK | {"sec-fetch-site": "same-site"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK%7B%7D", "/sparql.csv?query=ASK%7B%7D", "/api/summary", "/page/main.js"]
)
@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_a_link_of_another_site_runs_no_query(client: httpx.Client, path: str, site: str) -> None:
    answer = client.get(path, headers=LINK | {"sec-fetch-site": site})
    assert answer.status_code == 403 and "paste it" in answer.text
    for own in ("none", "same-origin"):
        assert client.get(path, headers=LINK | {"sec-fetch-site": own}).status_code == 200


def test_a_query_in_a_link_of_another_site_is_shown_and_not_run(client: httpx.Client) -> None:
    path = "/query?lang=zh&query=ASK+%7B+%22%E5%9B%9B%22+%7D"
    answer = client.get(path, headers=LINK, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == path.replace("query=", "draft=")
    assert client.get(answer.headers["location"], headers=LINK, follow_redirects=False).status_code == 200
    assert client.get(path, headers=LINK | {"sec-fetch-site": "none"}, follow_redirects=False).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/api/search", "/api/summary", "/page/main.js"])
def test_only_reading_methods(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405 and "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", [*PATHS, "/search", "/api/search.csv"])
def test_head_tells_what_get_would(client: httpx.Client, path: str) -> None:
    head, whole = client.head(path), client.get(path)
    assert head.status_code == whole.status_code and head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_policy(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in answer.headers
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/page/../app.py",
        "/page/..%2fapp.py",
        "/page/%2e%2e/app.py",
        "/page/....//app.py",
        "/page//etc/passwd",
        "/page/..\\app.py",
        "/page/%00",
    ],
)
def test_no_path_reaches_the_disk(address: str, path: str) -> None:
    # Not through httpx's own tidying of paths.
    with httpx.Client(base_url=address, trust_env=False) as client:
        request = client.build_request("GET", "/")
        request.url = request.url.copy_with(raw_path=path.encode("ascii"))
        answer = client.send(request)
    assert answer.status_code in (400, 404) and "import" not in answer.text


def test_a_page_has_no_script_or_style_of_its_own(client: httpx.Client) -> None:
    page = client.get("/").text
    assert "<style" not in page and " style=" not in page and "onclick" not in page
    assert page.count("<script") == 1 and 'src="/page/main.js"' in page
    assert "http:" not in page and "https:" not in page


def test_a_long_body_is_refused(client: httpx.Client) -> None:
    body = b"SELECT " + b" " * 1_100_000
    answer = client.post("/sparql", content=body, headers={"content-type": "application/sparql-query"})
    assert answer.status_code == 413
