"""A snapshot of a store: it stays what it was opened as, and says so when that is gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_records import sample

from kg.errors import StoreError, UsageError
from kg.graph.build import build_records
from kg.graph.store.archive import Archive
from kg.graph.store.snapshot import GenerationGoneError, Snapshot


def built(store: Path, *numbers: int) -> Path:
    build_records([sample(number) for number in numbers], store)
    return store


def files(snapshot: Snapshot) -> list[str]:
    return sorted(entry.file for entry in snapshot.manifest.entries)


def test_it_is_of_the_generation_that_was_current_when_it_was_opened(tmp_path: Path) -> None:
    opened = Snapshot.at(built(tmp_path / "store", 0))
    built(tmp_path / "store", 1, 2)
    assert files(opened) == ["000.txt"] and opened.base == opened.manifest.base and not opened.is_gone()
    assert {str(graph) for graph in opened.read_only().named_graphs()} >= {opened.manifest.entries[0].graph}
    assert files(Snapshot.at(tmp_path / "store")) == ["001.txt", "002.txt"]


def removed(store: Path) -> None:
    for number in (1, 2):  # the store keeps its last two
        built(store, number)


def rebuilt(store: Path) -> None:
    shutil.rmtree(store)
    built(store, 0)


@pytest.mark.parametrize("lose", [removed, rebuilt, shutil.rmtree])
def test_what_is_read_of_one_that_is_gone_says_so_and_names_its_folder(
    tmp_path: Path, lose: Callable[[Path], object]
) -> None:
    opened = Snapshot.at(built(tmp_path / "store", 0))
    assert not opened.is_gone()
    lose(tmp_path / "store")
    assert opened.is_gone()
    for read in (lambda s: s.base, lambda s: s.manifest, lambda s: s.read_only()):
        with pytest.raises(GenerationGoneError, match="open the store again") as caught:
            read(opened)
        assert caught.value.where == str(opened.folder)


def test_a_database_that_was_never_there_is_damage(tmp_path: Path) -> None:
    """Later builds have not removed it, and to open the store again would not help."""
    shutil.rmtree(Snapshot.at(built(tmp_path / "store", 0)).quads)
    opened = Snapshot.at(tmp_path / "store")
    with pytest.raises(StoreError, match="build it anew in an empty folder") as caught:
        opened.read_only()
    assert not isinstance(caught.value, GenerationGoneError) and files(opened) == ["000.txt"]


def test_what_the_disk_says_inside_is_told_as_an_error_of_the_store(tmp_path: Path) -> None:
    opened = Snapshot.at(built(tmp_path / "store", 0))
    with pytest.raises(StoreError, match=r"cannot be used: .*000009\.sst"), opened.guard():
        raise FileNotFoundError(2, "No such file or directory", "000009.sst")
    with pytest.raises(KeyError), opened.guard(), Archive(opened.store.archive):
        raise KeyError


def test_the_address_of_a_server_is_refused() -> None:
    with pytest.raises(UsageError, match="not a server"):
        Snapshot.at("http://127.0.0.1:9/sparql")
