"""A release holds what it says, no more of the articles than asked for, and the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import StoreError, UsageError
from kg.model import ArticleRecord, Practice
from kg.release import Description, difference, read_contents, release
from kg.release.codebook import codebook_markdown, codebook_sections
from kg.release.files import ARTICLE_COLUMNS, CONCEPT_COLUMNS
from kg.release.measured import measurements
from kg.release.metadata import citation_line, datacite_json, dcat_turtle
from kg.view.table import STATEMENT_COLUMNS, columns

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "graph"))
from sample_records import TOPICS, sample, sample_store

ROOT = Path(__file__).resolve().parents[2]
DESCRIBED = Description(creators=("Li, Hua; 0000-0002-1825-0097", "某大学"), issued="2026-11-22", version="1.0")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_store(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def packed(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(store, tmp_path_factory.mktemp("packed") / "release", description=DESCRIBED)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_store_gives_the_same_bytes(store: Path, packed: Path, tmp_path: Path) -> None:
    again = release(store, tmp_path / "again", description=DESCRIBED)
    assert contents(again) == contents(packed)


def test_what_is_packed_in_pieces_is_the_same(
    store: Path, packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.graph.store.sorting.MOST_BYTES", 10_000)
    monkeypatch.setattr("kg.view.table.CHARACTERS_A_PIECE", 100)
    monkeypatch.setattr("kg.view.rdf.LINES_A_PIECE", 7)
    assert contents(release(store, tmp_path / "again", description=DESCRIBED)) == contents(packed)


def test_what_fails_half_way_leaves_nothing(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        assert [path.name for path in tmp_path.glob(".release.*/data/*") if path.stat().st_size], (
            "nothing was written yet"
        )
        raise RuntimeError("half way")

    monkeypatch.setattr("kg.release.pack.quality_markdown", broken)
    with pytest.raises(RuntimeError, match="half way"):
        release(store, tmp_path / "release", description=DESCRIBED)
    assert not list(tmp_path.iterdir())


def test_every_file_has_its_checksum(packed: Path) -> None:
    files = contents(packed)
    sums = dict(line.split("  ")[::-1] for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}


def test_neither_texts_nor_sentences_unless_asked_for(store: Path, packed: Path, tmp_path: Path) -> None:
    _, text = sample(1)
    sentence = text.split("\n")[1].split("。")[0]
    assert len(sentence) > 20
    everything = b"".join(contents(packed).values()).decode("utf-8")
    assert sentence not in everything and not (packed / "texts").exists()
    assert {
        row["sentence"] + row["sentence_start"] + row["sentence_end"] for row in rows(packed, "data/statements.csv")
    } == {""}
    quoting = release(store, tmp_path / "quoting", description=DESCRIBED, sentences=True)
    files = contents(quoting)
    assert all(sentence in files[name].decode("utf-8") for name in ("data/statements.csv", "graph/graph.nq"))
    assert not any(name.startswith("texts/") for name in files)
    whole = release(store, tmp_path / "whole", description=DESCRIBED, texts=True)
    kept = {row["text"]: row["text_hash"] for row in rows(whole, "data/articles.csv")}
    assert kept and "" not in kept
    for name, digest in kept.items():
        assert hashlib.sha256((whole / name).read_bytes()).hexdigest() == digest


def test_tables_have_the_columns_of_the_codebook(packed: Path) -> None:
    written = {
        "data/practices.csv": tuple(column.id for column in columns()),
        "data/statements.csv": STATEMENT_COLUMNS,
        "data/articles.csv": ARTICLE_COLUMNS,
        "data/concepts.csv": CONCEPT_COLUMNS,
    }
    told = {section["file"]: tuple(field["name"] for field in section["field"]) for section in codebook_sections()}
    assert told == written
    for name, expected in written.items():
        assert tuple(rows(packed, name)[0]) == expected


def test_every_concept_of_a_statement_is_a_row_of_the_concepts(store: Path, packed: Path) -> None:
    concepts = {row["concept"]: row for row in rows(packed, "data/concepts.csv")}
    said = [row for row in rows(packed, "data/statements.csv") if row["concept"]]
    assert {row["candidate"] for row in said} == {"true", "false"}
    assert all(concepts[row["concept"]]["candidate"] == row["candidate"] for row in said)
    assert {concepts[row["concept"]]["zh"] for row in said if row["candidate"] == "true"} == set(TOPICS)
    assert {row["broader"] for row in concepts.values()} - {""} <= concepts.keys()
    # a candidate's words are no label of a vocabulary
    assert TOPICS[0] not in {label.zh for label in read_contents(packed).labels.values()}


def test_a_repost_is_no_second_article_of_the_quality_report(packed: Path) -> None:
    (line,) = (
        line for line in (packed / "quality.md").read_text(encoding="utf-8").split("\n") if "more than one" in line
    )
    assert "| 1 (" in line  # of article 4; the practices of article 3 are told by its repost


def test_the_codebook_names_rows_that_were_measured() -> None:
    known = set(measurements()[0].rows)
    named = {row for section in codebook_sections() for field in section["field"] for row in field.get("rows", [])}
    assert named <= known and len(named) > 15
    headings = {field["name"]: field.get("zh") for field in codebook_sections()[0]["field"]}
    assert headings == {column.id: column.heading for column in columns("zh")}


def test_the_codebook_in_the_documentation_is_the_one_that_is_packed(packed: Path) -> None:
    page = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    assert page == codebook_markdown(), "run: python -m kg.release > docs/codebook.md"
    assert (packed / "codebook.md").read_text(encoding="utf-8") == page


def test_every_slot_of_a_record_is_in_the_codebook() -> None:
    told = {field["name"] for section in codebook_sections() for field in section["field"]}
    beside = {"id", "region", "named", "identity"}  # the path, the key
    assert set(Practice.model_fields) - told == beside
    assert set(ArticleRecord.model_fields) - told == {
        *("author", "media_type", "encoding", "notes", "regions"),
        "duplicate_of",  # repost_of
    }


def test_metadata_say_the_same_in_all_forms(packed: Path) -> None:
    datacite = json.loads((packed / "datacite.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in datacite["creators"]] == ["Li, Hua", "某大学"]
    assert datacite["publicationYear"] == "2026" and datacite["version"] == "1.0" and "doi" not in datacite
    cff = (packed / "CITATION.cff").read_text(encoding="utf-8")
    assert 'family-names: "Li"' in cff and '- name: "某大学"' in cff and "date-released: 2026-11-22" in cff
    catalogue = Graph().parse(packed / "dcat.ttl")
    (dataset,) = catalogue.subjects(RDF.type, DCAT.Dataset)
    assert str(catalogue.value(dataset, DCTERMS.issued)) == "2026-11-22"
    titles = {str(catalogue.value(each, DCTERMS.title)) for each in catalogue.objects(dataset, DCAT.distribution)}
    assert titles == set(contents(packed)) - {"SHA256SUMS", "dcat.ttl"}
    assert str(catalogue.value(dataset, DCTERMS.bibliographicCitation)) in (packed / "README.md").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        *({"licence": "MIT-ish"}, {"issued": "22.11.2026"}, {"issued": "2026-02-31"}),
        *({"doi": "zenodo.1"}, {"address": "https://a b"}, {"title": ""}, {"version": " "}, {"publisher": ""}),
        *({"creators": ("",)}, {"creators": ("; 0000-0002-1825-0097",)}),
        *({"creators": (f"Li, Hua; {orcid}",)} for orcid in ("0000-0002-1825-0079", "0000-0002-1825", "x")),
    ],
)
def test_a_wrong_description_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Description(**wrong)


def test_an_orcid_may_end_in_x() -> None:
    assert Description(creators=("Li, Hua; 0000-0002-1694-233X",)).names == [("Li, Hua", "0000-0002-1694-233X")]


def test_hostile_words_stay_words(store: Path, tmp_path: Path) -> None:
    title = 'A "title"\n# x: [y]\\'
    folder = release(store, tmp_path / "hostile", description=Description(title=title, issued="2026-01-01"))
    catalogue = Graph().parse(folder / "dcat.ttl")
    assert title in {str(each) for each in catalogue.objects(None, DCTERMS.title)}
    assert json.loads((folder / "datacite.json").read_text(encoding="utf-8"))["titles"][0]["title"] == title
    assert json.dumps(title) in (folder / "CITATION.cff").read_text(encoding="utf-8")


def test_a_doi_with_signs_that_no_url_holds_is_escaped_in_urls() -> None:
    doi = "10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1"
    described = Description(doi=doi)
    address = "https://doi.org/10.1002/(SICI)1096-8644(199601)99:1%3C1::AID-AJPA1%3E3.0.CO;2-1"
    catalogue = Graph().parse(data=dcat_turtle(described, "2026-01-01", "", {}, "https://x.example/"), format="turtle")
    assert [str(each) for each in catalogue.subjects(RDF.type, DCAT.Dataset)] == [address]
    assert citation_line(described, "2026-01-01").endswith(address)
    assert json.loads(datacite_json(described, "2026-01-01", [], ""))["doi"] == doi


def test_a_folder_with_other_things_is_left_alone(store: Path, packed: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="other files"):
        release(store, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    folder = tmp_path / "again"
    release(store, folder, description=Description(version="1", issued="2026-01-01"))
    release(store, folder, description=Description(version="2", issued="2026-01-01"))
    assert '"version": "2"' in (folder / "datacite.json").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "thesis.txt"]


def test_only_what_a_release_lists_is_replaced(
    store: Path, packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    (downloads / "SHA256SUMS").write_text("0  system.iso\n", encoding="utf-8")
    with pytest.raises(UsageError, match="other files"):
        release(store, downloads)
    folder = tmp_path / "release"
    shutil.copytree(packed, folder)
    (folder / "data" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"data/notes\.txt is no part of the release"):
        release(store, folder, description=DESCRIBED)
    assert (folder / "data" / "notes.txt").read_text(encoding="utf-8") == "mine"
    (folder / "data" / "notes.txt").unlink()
    readme = (folder / "README.md").read_bytes()
    (folder / "README.md").write_bytes(readme + b"Read by our group first.\n")
    with pytest.raises(UsageError, match=r"README\.md was changed since it was released"):
        release(store, folder, description=DESCRIBED)
    (folder / "README.md").write_bytes(readme)
    (folder / "data" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")  # of a file manager that was here
    release(store, folder, description=DESCRIBED)
    assert contents(folder) == contents(packed)
    earlier, rename = contents(folder), Path.rename

    def refusing(path: Path, target: Path) -> Path:
        if target == folder and not path.name.endswith(".earlier"):
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(StoreError):
        release(store, folder, description=DESCRIBED, sentences=True)
    assert contents(folder) == earlier
    assert sorted(path.name for path in tmp_path.iterdir()) == ["downloads", "release"]


def test_a_release_reads_as_its_store(store: Path, packed: Path) -> None:
    assert difference(store, packed).changes == ()
    assert len(read_contents(packed).told) == len(rows(packed, "data/articles.csv"))


def test_the_command(store: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["release", str(tmp_path / "r"), "--store", str(store), "--creator", "Li, Hua"])
    assert done.exit_code == 0 and "README.md" in done.output
    assert "Li, Hua (20" in (tmp_path / "r" / "README.md").read_text(encoding="utf-8")


def test_the_pages_quote_the_scores_that_are_packed() -> None:
    core = {each.id: f"{each.rows['core']['f1']:.3f}" for each in measurements()}
    links = {each.id: f"{each.rows['links']['f1']:.3f}" for each in measurements()}
    remedy = (
        "bring kg/release/quality/*.json up to date (sets.toml says how), then: python -m kg.release > docs/codebook.md"
    )
    for page in ("README.md", "README.zh.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        table = text.split("<!-- quality:begin -->")[1].split("<!-- quality:end -->")[0]
        for number in (*core.values(), *links.values()):
            assert number in table, f"{page} has other scores than {number}; {remedy}"
