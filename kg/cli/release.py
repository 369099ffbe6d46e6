"""``kg release``: a store packed as a citable data release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["command"]


def command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of the release: new, empty, or an earlier one.")
    ],
    *,
    store: Annotated[Path, typer.Option("--store", "-s", metavar="DIR", help="Store that kg build wrote.")],
    title: Annotated[str | None, typer.Option("--title", help="Title of the data set.")] = None,
    creator: Annotated[
        list[str] | None,
        typer.Option("--creator", help='"Family, Given", or an organisation; "; ORCID" may follow. Repeatable.'),
    ] = None,
    publisher: Annotated[
        str | None, typer.Option("--publisher", help="Who publishes it, a repository or a press.")
    ] = None,
    version: Annotated[str, typer.Option("--version", help="Version of the data set.")] = "1",
    licence: Annotated[str, typer.Option("--licence", help="Of the data (SPDX): CC-BY-4.0, CC0-1.0 …")] = "CC-BY-4.0",
    issued: Annotated[
        str | None,
        typer.Option("--issued", help="Day of the release (2026-11-22); default: of the store's last build."),
    ] = None,
    doi: Annotated[str | None, typer.Option("--doi", help="DOI, where it has one already.")] = None,
    address: Annotated[str | None, typer.Option("--address", help="URL of the folder it is downloaded from.")] = None,
    with_texts: Annotated[
        bool, typer.Option("--with-texts", help="Pack the clean texts of the articles too: mind their rights.")
    ] = False,
    with_sentences: Annotated[
        bool,
        typer.Option("--with-sentences", help="Pack the sentence around every value: together most of each article."),
    ] = False,
) -> None:
    """Pack graph, records, codebook, quality report, licence notes, metadata and checksums as a citable data release.

    The same store and options give the same bytes. Full texts, and the sentences around the values, stay out unless
    asked for: without them every value has its words, its place in the article and the hash of the article.

    Example: kg release release --store store --creator "Li, Hua" --version 1.0
    """
    from kg.release import Description, release

    default = Description()
    described = Description(
        title=title or default.title,
        version=version,
        creators=tuple(creator or ()),
        publisher=publisher,
        licence=licence,
        issued=issued,
        doi=doi,
        address=address,
    )
    written = release(store, folder, description=described, texts=with_texts, sentences=with_sentences)
    files = [path for path in written.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1e6:.1f} MB in {folder}; how to cite it stands in {folder / 'README.md'}")
