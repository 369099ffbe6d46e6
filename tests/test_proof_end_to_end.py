"""What ``kg extract`` and ``kg build`` write is proved by ``kg validate``, and what was tampered with is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kg.cli.main import app

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT / ".." / "shared"
TEXT = (
    "芦溪镇夜里有课上\n来源：三台县融媒体中心 2024年5月6日\n"
    "本报讯 连日来，四川省绵阳市三台县芦溪镇办起“灯下课堂”，采取集中授课的方式，为老年居民讲授防骗知识。\n"
    "目前已举办12期，累计600余人次参加。\n"
)


def kg(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def shift(practice: dict[str, Any]) -> None:
    value = practice["formats"][0]
    value["start"], value["end"] = value["start"] + 1, value["end"] + 1


def reword(practice: dict[str, Any]) -> None:
    practice["programme"]["text"] = "灯上课堂"


def mislead(practice: dict[str, Any]) -> None:
    practice["outcomes"][0]["source"]["start"] += 1


@pytest.mark.parametrize(
    ("change", "said"),
    [(shift, "formats"), (reword, "the record says '灯上课堂'"), (mislead, "the words stand at")],
)
def test_a_tampered_record_fails(tmp_path: Path, change: Callable[[dict[str, Any]], None], said: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="gb18030")
    records = tmp_path / "records.jsonl"
    assert kg("extract", tmp_path / "a.txt", "--output", records)[0] == 0
    code, out = kg("validate", records, "--articles", tmp_path / "a.txt")
    assert code == 0 and "0 violations" in out
    row = json.loads(records.read_text(encoding="utf-8"))
    change(next(p for p in row["practices"] if p["programme"]["text"] == "灯下课堂"))
    records.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    code, out = kg("validate", records, "--articles", tmp_path / "a.txt")
    assert code == 1 and said in out and "0 violations" not in out


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    "folder",
    [
        *(SHARED / name for name in ("seeds", "corpus/press", "corpus/press-html", "corpus/broadcast")),
        ROOT / "data" / "articles",
    ],
    ids=lambda path: path.name,
)
def test_records_and_stores_of_real_articles_hold(tmp_path: Path, folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip("the shared articles are not beside this repository")
    records, store = tmp_path / "records.jsonl", tmp_path / "store"
    assert kg("extract", folder, "--output", records)[0] == 0
    assert kg("build", folder, "--store", store)[0] == 0
    for code, out in (kg("validate", records, "--articles", folder), kg("validate", store)):
        assert code == 0, out
        counts = [int(word) for word in out.replace(",", "").split() if word.isdigit()]
        articles, values, followed = counts[:3]
        assert articles == len(records.read_text(encoding="utf-8").splitlines())
        assert values == followed > 30 * articles
