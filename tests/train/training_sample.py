"""What the tests of training share: a handful of the project's own articles, laid out as the training corpus is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
FAST = Path(__file__).parents[2] / "kg" / "extract" / "models" / "fast"


def small_set(folder: Path, name: str, of: str, first: int, last: int) -> list[str]:
    """Copy some articles of ``data/corpus`` with their gold, as the set ``name`` of a folder; the names of their files."""
    lines = (DATA / "corpus" / f"{of}.jsonl").read_text(encoding="utf-8").splitlines()[first:last]
    (folder / name).mkdir(parents=True)
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    files = [json.loads(line)["file"] for line in lines]
    for file in files:
        shutil.copy(DATA / "corpus" / of / file, folder / name)
    return files


def small_corpus(folder: Path, each: int = 12) -> Path:
    """A training corpus of two styles."""
    for name in ("items", "themed"):
        small_set(folder, name, name, 0, each)
    return folder


def small_shared(folder: Path) -> Path:
    """A few own articles laid out as the shared ones are, and a short text of the name of one that came without gold."""
    for name, first in (("seeds", 20), ("press", 22), ("broadcast", 24), ("broadcast-more", 26)):
        small_set(folder, name, "items", first, first + 2)
        texts = folder / name if name == "seeds" else folder / "corpus" / name
        texts.parent.mkdir(exist_ok=True)
        (folder / "gold").mkdir(exist_ok=True)
        shutil.move(folder / f"{name}.jsonl", folder / "gold")
        if name != "seeds":
            shutil.move(folder / name, texts)
    gold = (DATA / "gold" / "unlabelled-second-reader.jsonl").read_text(encoding="utf-8").splitlines()
    file = next(row["file"] for row in map(json.loads, gold) if not row["practices"])
    row = {"file": file, "title": "县里的路修好了", "text": "县里的路修好了。天气一天比一天暖，大家出门方便多了。"}
    (folder / "corpus" / "broadcast-unlabelled.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder
