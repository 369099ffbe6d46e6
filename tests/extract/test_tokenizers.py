"""The pipeline's tokenizer: LAC, characters, pkuseg with a model of one's own, an installed spaCy model."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import spacy
from extract_samples import LEAD, PLAIN, PROJECT, TITLE, article
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from kg.errors import UsageError
from kg.extract import COMPONENTS, extract, load

ORDER = ["quotations", "figures", "dates", "phrases", "practices", "record"]
SUBJECTS = ("街道", "社区", "居委会", "村委会", "学校")
OBJECTS = ("邻里 课堂", "反诈 讲座", "义诊 活动", "书法 培训", "消防 演练", "读书 会")


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


@pytest.fixture(scope="module")
def pkuseg_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A model trained on sixty invented sentences: enough to cut their words."""
    import spacy_pkuseg

    folder = tmp_path_factory.mktemp("pkuseg")
    lines = [f"{one} 开办 {two} ， 居民 都 说 好 。" for one in SUBJECTS for two in OBJECTS]
    lines += [f"今天 {one} 组织 {two} 。" for one in SUBJECTS for two in OBJECTS]
    (folder / "train.utf8").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "test.utf8").write_text("\n".join(lines[::6]) + "\n", encoding="utf-8")
    spacy_pkuseg.train(str(folder / "train.utf8"), str(folder / "test.utf8"), str(folder / "model"), train_iter=3)
    yield folder / "model"


def words(nlp: Language, text: str) -> list[str]:
    return [token.text for token in nlp.tokenizer(text)]


def test_the_names_of_the_parts_read_like_the_way_of_the_data(nlp: Language) -> None:
    assert nlp.pipe_names == ORDER == list(COMPONENTS)


def test_a_part_can_be_switched_off_or_added(nlp: Language) -> None:
    seen = []

    @Language.component("count_quotations_in_a_test")
    def count(doc: spacy.tokens.Doc) -> spacy.tokens.Doc:
        seen.append(len(doc._.page.quotations))
        return doc

    own = load()
    own.add_pipe("count_quotations_in_a_test", after="quotations")
    record = extract(article(PLAIN, title=TITLE), own)
    assert seen == [2 + PLAIN.count("“听得懂")]
    assert record == extract(article(PLAIN, title=TITLE), nlp)
    with own.select_pipes(disable="dates"):
        undated = extract(article(PLAIN, title=TITLE), own)
    assert record.practices and not any(practice.dates for practice in undated.practices)


def test_a_text_alone_goes_through_the_pipeline(nlp: Language) -> None:
    doc = nlp(PLAIN)
    assert doc.text == PLAIN
    assert doc._.record is None  # a text is no article: there is no file to lead back to
    assert any(span.text == "邻里课堂" for span in doc.spans["phrases"])


@given(st.text(alphabet="甲街道开办课堂。，“”\n \u3000\t１2a𠮷\r", max_size=60))
@settings(max_examples=60, deadline=None)
def test_tokens_join_to_the_text_and_have_tags(text: str) -> None:
    for name in ("lac", "char"):
        doc = _tokenizer(name)(text)
        assert doc.text == text
        assert all(token.tag_ and token.pos_ for token in doc)
        page = doc._.page
        covered = "".join(text[start:end] for start, end, _ in page.words)
        assert covered == "".join(line for line in text.split("\n") if line.strip())


_MODELS: dict[Path, Language] = {}


@cache
def _tokenizer(name: str) -> Any:
    return load(name).tokenizer


def test_char_cuts_characters_and_keeps_lacs_tags(nlp: Language) -> None:
    doc, whole = load("char").tokenizer(LEAD), nlp.tokenizer(LEAD)
    assert [token.text for token in doc] == list(LEAD)
    by_place = {token.idx + i: token.tag_ for token in whole for i in range(len(token))}
    assert [token.tag_ for token in doc] == [by_place[i] for i in range(len(LEAD))]


def test_pkuseg_cuts_with_a_model_of_ones_own(pkuseg_model: Path) -> None:
    own = load("pkuseg", model=str(pkuseg_model))
    text = "社区开办反诈讲座，居民都说好。\n今天 学校组织消防演练。"
    assert words(own, text) == [
        *("社区", "开办", "反诈", "讲座", "，", "居民", "都", "说", "好", "。", "\n"),
        *("今天", " ", "学校", "组织", "消防", "演练", "。"),
    ]
    record = extract(article(PLAIN, title=TITLE), own)
    assert all(PLAIN[v.start : v.end] == v.text for practice in record.practices for _, v in practice.values())


@pytest.mark.parametrize(
    ("name", "model", "what"),
    [
        ("jieba-of-my-own", None, "choose one of lac, pkuseg, char"),
        ("zh_core_web_sm", None, "install a spaCy model of that name"),
        ("pkuseg", "no-such-folder", "spacy_pkuseg.train"),
    ],
)
def test_what_is_not_there_is_named_with_the_remedy(name: str, model: str | None, what: str) -> None:
    if spacy.util.is_package(name):
        pytest.skip(f"{name} is installed here")
    with pytest.raises(UsageError) as caught:
        load(name, model=model)
    assert (model or name) in str(caught.value)
    assert what in (caught.value.remedy or "")


@given(st.text(alphabet="社区开办课堂。，“”\n \u3000\t１2aＡ𠮷\r", max_size=40))
@settings(max_examples=60, deadline=None)
def test_what_pkuseg_drops_is_put_back(pkuseg_model: Path, text: str) -> None:
    if pkuseg_model not in _MODELS:
        _MODELS[pkuseg_model] = load("pkuseg", model=str(pkuseg_model))
    assert _MODELS[pkuseg_model].tokenizer(text).text == text


def test_an_empty_folder_is_no_pkuseg_model(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no pkuseg model"):
        load("pkuseg", model=str(tmp_path))


def test_an_installed_spacy_model_is_taken_by_its_name(tmp_path: Path) -> None:
    spacy.blank("zh").to_disk(tmp_path / "model")  # cuts characters
    assert words(load(str(tmp_path / "model")), "社区 开课。\n好") == list("社区 开课。\n好")


@pytest.mark.parametrize("name", ["lac", "char"])
def test_the_pipeline_survives_being_saved(name: str, tmp_path: Path) -> None:
    one = load(name)
    one.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")
    assert again.pipe_names == ORDER
    assert words(again, LEAD) == words(one, LEAD)
    source = article(PLAIN, title=TITLE)
    assert extract(source, again).to_json() == extract(source, one).to_json()


@pytest.mark.slow
def test_a_saved_pipeline_is_loaded_by_another_process(tmp_path: Path) -> None:
    load("char").to_disk(tmp_path / "saved")
    code = (
        "import sys, spacy, kg.extract; nlp = spacy.load(sys.argv[1]); "
        "print(nlp.tokenizer.name, len(nlp(sys.argv[2])), *nlp.pipe_names)"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, str(tmp_path / "saved"), "社区开课。"],
        capture_output=True, cwd=PROJECT, encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["char", "5", *ORDER]


def test_the_tokenizer_is_pickled_by_its_settings(nlp: Language, pkuseg_model: Path) -> None:
    for one in (nlp.tokenizer, load("pkuseg", model=str(pkuseg_model)).tokenizer):
        again = pickle.loads(pickle.dumps(one))
        assert (again.name, again.model) == (one.name, one.model)
        assert [token.text for token in again(LEAD)] == [token.text for token in one(LEAD)]
