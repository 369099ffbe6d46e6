"""``kg export`` as a user calls it."""

from __future__ import annotations

import csv
import io
import subprocess
import sys

import pytest
from typer.testing import CliRunner
from view_sample import realistic

from kg.cli.main import app
from kg.errors import UsageError
from kg.graph.build import build_records
from kg.view import FORMATS


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export") / "store"
    build_records(realistic()[:2], folder)
    return folder


def kg(*words):
    return subprocess.run(
        [sys.executable, "-c", "from kg.cli.main import main; main()", *map(str, words)],
        capture_output=True,
        check=False,
    )


def test_help_names_every_format():
    said = CliRunner().invoke(app, ["export", "--help"]).output
    assert all(f"{name}:" in said for name in FORMATS)
    assert "kg export html --store" in said


def test_text_goes_to_standard_output_as_utf8(store):
    done = kg("export", "table", "--store", store, "--language", "en")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8"))))
    assert {row["Province"] for row in rows} == {"重庆市"}


def test_a_table_goes_to_standard_output_and_to_names_without_an_ending(store, tmp_path):
    made = kg("export", "table", "--store", store).stdout
    assert kg("export", "table", "--store", store, "--output", "-").stdout == made
    assert kg("export", "table", "--store", store, "--output", tmp_path / "table").returncode == 0
    assert (tmp_path / "table").read_bytes() == made and list(tmp_path.iterdir()) == [tmp_path / "table"]


def test_limits_leave_practices_out_of_a_table_but_nothing_out_of_rdf(store, tmp_path):
    def export(form, *words):
        return CliRunner().invoke(app, ["export", form, "--store", str(store), *words])

    assert export("table").stdout.count("\n") > export("table", "--min-confidence", "0.95").stdout.count("\n") == 1
    for words in (
        ["--stated-only"],
        ["--min-confidence", "0.5", "--part-mb", "1", "--output", str(tmp_path / "parts")],
    ):
        done = export("nquads", *words)
        assert isinstance(done.exception, UsageError) and "RDF is written whole" in str(done.exception)


def test_an_endpoint_has_no_exports():
    done = CliRunner().invoke(app, ["export", "table", "--store", "http://127.0.0.1:9/query"])
    assert isinstance(done.exception, UsageError) and "from a store on disk" in str(done.exception)


def test_table_becomes_a_workbook_by_its_name(store, tmp_path):
    target = tmp_path / "table.xlsx"
    assert CliRunner().invoke(app, ["export", "table", "--store", str(store), "--output", str(target)]).exit_code == 0
    assert target.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["xlsx"], "name a file"),
        (["html", "--output", "missing/graph.html"], "cannot be written"),
        (["docx"], "docx"),
        (["table", "--output", "table.ods"], "table is not written as .ods; name a file that ends in .csv or .xlsx"),
        (["table", "--output", "table.XLS"], ".csv or .xlsx"),
        (["csv", "--output", "values.xlsx"], "ends in .csv"),
        (["xlsx", "--output", "table.csv"], "ends in .xlsx"),
        (["xlsx", "--output", "-"], "name a file"),
    ],
)
def test_wrong_usage_is_told_in_a_line(store, words, said):
    done = kg("export", *words, "--store", store)
    assert done.returncode == 2
    assert said in done.stderr.decode("utf-8") and b"Traceback" not in done.stderr


def test_a_folder_without_store(tmp_path):
    done = kg("export", "html", "--store", tmp_path)
    assert done.returncode == 2 and "there is no store" in done.stderr.decode("utf-8")
