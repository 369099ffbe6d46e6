"""What the commands of training refuse, each in one line and before anything is trained; and the numbers of the vectors."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from training_sample import FAST, small_set

from kg.errors import UsageError
from kg.train import __main__ as training
from kg.train import calibrate, concept_vectors, sentences, thresholds, words
from kg.train.corpus import load_corpus, own_articles, own_without


def _refused(main: object, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 2  # type: ignore[operator]
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("kg.train: ")
    assert told.err.count("\n") == 1
    return told.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--leave-out", "--output", "models"], "--leave-out: it needs --shared and --output"),
        (["--leave-out", "--shared", "shared"], "--leave-out: it needs --shared and --output"),
        (["--leave-out", "4", "--shared", "s", "--output", "m"], "--leave-out: it takes folds from 0 to 3"),
        (["--leave-out", "--folds", "1", "--shared", "s", "--output", "m"], "--folds at least 2"),
        (["--cross-validate", "--folds", "1"], "--folds: it takes at least 2"),
        (["--corpus", "mine"], "--corpus: it needs --output"),
    ],
)
def test_options_that_do_not_go_together(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told in _refused(training.main, arguments, capsys)


def test_without_torch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    told = "kg.train: torch is not installed; pip install 'practice-graph[train]'\n"
    assert _refused(training.main, [], capsys) == told
    assert _refused(concept_vectors.main, [], capsys) == told


@pytest.mark.parametrize("command", [sentences, thresholds, calibrate])
def test_what_is_not_there_is_named(command: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = command.main  # type: ignore[attr-defined]
    assert "thresholds.toml: No such file" in _refused(main, [str(tmp_path / "none"), "--unseen", "a", "b"], capsys)
    assert "--unseen or --left-out" in _refused(main, [str(FAST)], capsys)
    assert "none.jsonl: no such file" in _refused(main, [str(FAST), "--unseen", "none.jsonl", "b"], capsys)
    assert "none: No such file" in _refused(main, [str(FAST), "--left-out", "none", "b"], capsys)


def test_an_article_of_the_gold_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    files = small_set(tmp_path, "mine", "items", 0, 3)
    assert [one.article.file for one in own_articles(tmp_path)] == files
    (tmp_path / "mine" / files[1]).unlink()
    with pytest.raises(UsageError, match=f"1 of its 3 articles cannot be read in .*mine, {files[1]} is the first"):
        list(load_corpus("mine", tmp_path / "mine.jsonl", tmp_path / "mine"))


def test_a_folder_without_gold_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no gold files"):
        own_articles(tmp_path)


def test_a_corpus_of_ones_own_has_no_moulds(tmp_path: Path) -> None:
    small_set(tmp_path, "mine", "airtime", 0, 2)  # in data/corpus, their moulds are known
    own = own_articles(tmp_path)
    mould = load_corpus("mine", tmp_path / "mine.jsonl", tmp_path / "mine")
    assert own_without(own, list(mould), tmp_path) == own


def test_a_folder_keeps_to_one_set_of_models(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is not installed (pip install 'practice-graph[train]')")
    from kg.train.models import check_folder

    check_folder(tmp_path / "new", fast=True)
    check_folder(FAST, fast=True)
    with pytest.raises(UsageError, match="it holds fast models"):
        check_folder(FAST, fast=False)
    with pytest.raises(UsageError, match="it holds accurate models"):
        check_folder(FAST.with_name("accurate"), fast=True)


@pytest.mark.slow
def test_a_segmenter_is_made_from_texts_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_set(tmp_path, "texts", "items", 0, 14)
    output = tmp_path / "model"
    assert "it needs --output" in _refused(words.main, ["--corpus", str(tmp_path)], capsys)
    assert words.main(["--corpus", str(tmp_path / "texts"), "--output", str(output), "--rounds", "2"]) == 0
    assert capsys.readouterr().out.startswith("held out: precision 0.")
    assert {file.name for file in output.iterdir()} == {"features.msgpack", "weights.npz"}
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = ["--corpus", str(empty), "--output", str(output)]
    assert "no sentence to learn from" in _refused(words.main, nothing, capsys)


def test_frequent_pieces_count_less() -> None:
    likely = np.array([0.5, 0.25, 0.25])
    found = concept_vectors.frequency_weights(np.log(likely).tolist())
    assert found == pytest.approx(1e-3 / (1e-3 + likely))


def test_the_directions_in_which_classes_differ_are_kept() -> None:
    """Two classes apart in the third dimension alone, among examples that differ far more in the first."""
    draw = np.random.default_rng(5)
    examples = draw.normal(size=(400, 4)) * [5.0, 1.0, 1.0, 1.0]
    classes = ["one", "other"] * 200
    examples[1::2, 2] += 4
    kept = concept_vectors.discriminant(np.eye(4), [(examples, classes)], numbers=1)
    assert kept.shape == (4, 1)
    assert np.abs(kept[:, 0]).argmax() == 2
    assert np.abs(kept[[0, 1, 3], 0]).max() < 0.2 * np.abs(kept[2, 0])


def test_where_the_models_find_nothing_no_confidence_is_fitted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gold.jsonl").write_text('{"file": "a.txt", "practices": []}\n', encoding="utf-8")
    (tmp_path / "a.txt").write_text("县里的路修好了。\n\n天气一天比一天暖。", encoding="utf-8")
    models = tmp_path / "models"
    shutil.copytree(FAST, models)
    before = (models / "calibration.toml").read_bytes()
    told = _refused(calibrate.main, [str(models), "--unseen", str(tmp_path / "gold.jsonl"), str(tmp_path)], capsys)
    assert "the models find nothing there" in told
    assert (models / "calibration.toml").read_bytes() == before
