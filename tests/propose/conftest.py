"""The replaying server, a process of its own for all tests here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from replayed import Replay, Script, Server

PROGRAM = Path(__file__).with_name("replay_server.py")
_NUMBERS = count()


@pytest.fixture(scope="session")
def replaying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("replay")
    command = [sys.executable, "-X", "utf8", str(PROGRAM), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}", folder
        process.kill()


@pytest.fixture
def replay(replaying: tuple[str, Path]) -> Replay:
    """Makes the server play a script (see ``replay_server.py``) below an address of its own."""
    address, folder = replaying

    def play(script: Script) -> Server:
        name = f"s{next(_NUMBERS)}"
        (folder / f"{name}.json").write_text(json.dumps(script, ensure_ascii=False), encoding="utf-8")
        return Server(f"{address}/{name}/v1", folder / f"{name}.jsonl")

    return play
