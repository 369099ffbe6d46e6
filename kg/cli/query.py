"""``kg query``: questions with names, for those who do not write SPARQL."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="Questions with names: shared features, practices, evidence, the catalogue."
)

Level = StrEnum("Level", ["province", "prefecture", "city", "county", "township"])
Feature = StrEnum("Feature", ["format", "audience", "topic"])
Form = StrEnum("Form", ["table", "csv", "json"])
StoreOption = Annotated[str, typer.Option("--store", "-s", help="Folder of the store, or URL of an endpoint.")]
FormOption = Annotated[Form, typer.Option("--as", help="How the answer is written.")]
StatedOption = Annotated[bool, typer.Option("--stated-only", help="Leave out what was inferred.")]
ConfidenceOption = Annotated[float, typer.Option("--min-confidence", help="Leave out what is less sure, 0 to 1.")]


@app.command()
def shared(  # noqa: PLR0917 - each is an option
    store: StoreOption = "store",
    level: Annotated[
        Level, typer.Option("--level", "--across", help="Level at which two places count as different.")
    ] = Level.province,
    min_regions: Annotated[int, typer.Option(help="Regions that must have the feature.")] = 2,
    feature: Annotated[list[Feature] | None, typer.Option(help="Kind of feature; may be given more than once.")] = None,
    combine: Annotated[int, typer.Option(help="2: pairs of features that one practice has together.")] = 1,
    top: Annotated[int, typer.Option(help="Rows; 0 for all.")] = 20,
    sentences: Annotated[int, typer.Option(help="Sentences shown for each feature.")] = 3,
    stated_only: StatedOption = False,
    min_confidence: ConfidenceOption = 0.0,
    output: FormOption = Form.table,
) -> None:
    """Features that practices of different regions share, with the practices, the regions and the sentences.

    Example: kg query shared --across province --min-regions 2 --feature format --store store
    """
    from kg.query import open_graph

    with open_graph(store) as graph:
        frame = graph.shared(
            level="prefecture" if level is Level.city else level.value,
            min_regions=min_regions,
            features=[f.value for f in feature] if feature else ["format", "audience", "topic"],
            combine=combine,
            top=top or None,
            evidence=sentences > 0 and output is not Form.csv,
            stated_only=stated_only,
            min_confidence=min_confidence,
        )
        names = graph.columns.practices
        if output is not Form.table:
            _write(frame, output)
            return
        if frame.empty:
            print("no feature is shared by so many regions")
        for row in frame.to_dict("records"):
            _say(f"{row['feature']} ({row['kind']}): {row['regions']} regions, {row['practices']} practices")
            _say(f"  {_some(row['region_names'])}")
            _say(f"  {_some(row['practice_names'])}")
            for each in _spread(row.get("evidence"), sentences):
                sentence = each["sentence"] or each["words"]
                _say(f"  · {names.label(str(each['practice']))}: “{each['words']}” in {each['file']}: {sentence}")


@app.command()
def similar(  # noqa: PLR0917 - each is an option
    name: Annotated[str, typer.Argument(help="Label or IRI of a practice.")],
    store: StoreOption = "store",
    level: Annotated[
        Level, typer.Option("--level", "--across", help="Level at which two places count as different.")
    ] = Level.province,
    top: Annotated[int, typer.Option(min=0, help="Rows; 0 for all.")] = 10,
    stated_only: StatedOption = False,
    min_confidence: ConfidenceOption = 0.0,
    output: FormOption = Form.table,
) -> None:
    """The practices of other regions nearest to one: what they share, how many have it, and a sentence for each.

    Example: kg query similar 福课堂 --across province --top 5 --store store
    """
    from kg.query import open_graph

    with open_graph(store) as graph:
        frame = graph.similar(
            name,
            level="prefecture" if level is Level.city else level.value,
            top=top or None,
            evidence=output is not Form.csv,
            stated_only=stated_only,
            min_confidence=min_confidence,
        )
    if output is not Form.table:
        _write(frame, output)
        return
    if frame.empty:
        print("no practice of another region shares a feature with it")
    for row in frame.to_dict("records"):
        _say(f"{row['similarity']:.3f}  {row['label']}, {row['region']}")
        shared_ones = zip(row["features"], row["kinds"], row["feature_practices"], strict=True)
        for (label, kind, count), each in zip(shared_ones, row["evidence"].to_dict("records"), strict=True):
            _say(f"  {label} ({kind}, {count} practices)")
            _say(f"  · “{each['words']}” in {each['file']}: {each['sentence'] or each['words']}")


@app.command()
def practices(  # noqa: PLR0917 - each is an option
    store: StoreOption = "store",
    region: Annotated[str | None, typer.Option(help="A place, with all within it: 重庆市, 重庆市/江津区.")] = None,
    format_: Annotated[str | None, typer.Option("--format", help="A format of practices (or narrower).")] = None,
    audience: Annotated[str | None, typer.Option(help="An audience (or narrower).")] = None,
    topic: Annotated[str | None, typer.Option(help="A topic (or narrower).")] = None,
    stated_only: StatedOption = False,
    min_confidence: ConfidenceOption = 0.0,
    output: FormOption = Form.table,
) -> None:
    """Practices by place, format, audience and topic.

    Example: kg query practices --region 四川省 --format 夜校 --store store
    """
    from kg.query import open_graph

    with open_graph(store) as graph:
        frame = graph.practices(
            region=region,
            format=format_,
            audience=audience,
            topic=topic,
            stated_only=stated_only,
            min_confidence=min_confidence,
        )
    if output is Form.table:
        frame = frame[["label", "region", "format", "audience", "topic", "outcome", "files"]]
    _write(frame, output)


@app.command()
def practice(
    name: Annotated[str, typer.Argument(help="Label or IRI of a practice.")],
    store: StoreOption = "store",
    output: FormOption = Form.table,
) -> None:
    """All that is known of one practice, what articles say differently side by side, with the sentences.

    Example: kg query practice 福课堂 --store store
    """
    from kg.query import open_graph

    with open_graph(store) as graph:
        frame = graph.practice(name)
        if output is not Form.table:
            _write(frame, output)
            return
        for row in frame.to_dict("records"):
            _say(f"{row['label']}, {row['region'] or 'no place'}{' (only planned)' if row['planned'] else ''}")
            for slot in (*frame.columns[3:-2], "files"):
                if row[slot]:
                    _say(f"  {slot}: {'、'.join(map(str, row[slot]))}")
            for each in graph.evidence(row["practice"]).to_dict("records"):
                if each["practice"] == row["practice"]:
                    where = f"{each['file']}, {each['start']}–{each['end']}"
                    _say(f"  · {each['relation']}: “{each['words']}” ({where}): {each['sentence'] or ''}")


@app.command()
def evidence(
    thing: Annotated[str, typer.Argument(help="Label or IRI of a practice, a concept or a region.")],
    store: StoreOption = "store",
    output: FormOption = Form.table,
) -> None:
    """The exact words, sentences and places in the files on which statements rest.

    Example: kg query evidence 福课堂 --store store
    """
    from kg.query import open_graph

    with open_graph(store) as graph:
        frame = graph.evidence(thing)
        if output is Form.table:
            frame["practice"] = [graph.columns.practices.label(practice) for practice in frame["practice"]]
            names = ["practice", "relation", "value", "words", "file", "start", "end", "rule", "confidence", "inferred"]
            frame = frame[[*names, "sentence"]]
    _write(frame, output)


@app.command("list")
def list_() -> None:
    """The named queries of the catalogue, with their parameters.

    Example: kg query list
    """
    from kg.query.named import named_queries

    for query in named_queries().values():
        parameters = "".join(f"\n    {name}: {said}" for name, said in query.parameters.items())
        print(f"{query.name}: {query.title_en} / {query.title_zh}{parameters}")


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="Name of the query (kg query list).")],
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="NAME=VALUE; may be given more than once.")
    ] = None,
    store: StoreOption = "store",
    output: Annotated[str, typer.Option("--as", help="table, csv, json or xml.")] = "table",
    timeout: Annotated[float, typer.Option(help="Seconds after which the query is stopped.")] = 60.0,
) -> None:
    """Run a query of the catalogue.

    Example: kg query run practices --param region=四川省 --store store
    """
    from kg.query import open_graph
    from kg.query.named import named_query, parameter_values

    query = named_query(name)
    values = parameter_values(param or [])
    with open_graph(store) as graph:
        sys.stdout.write(graph.sparql(query.fill(values, graph.base), timeout=timeout).to_text(output))


def _write(frame: pd.DataFrame, form: Form) -> None:
    from kg.query.tables import frame_text

    sys.stdout.write(frame_text(frame, form.value))


def _some(names: tuple[str, ...], most: int = 8) -> str:
    shown = list(dict.fromkeys(names))
    return "、".join(shown[:most]) + (f" … ({len(shown)})" if len(shown) > most else "")


def _spread(rows: pd.DataFrame | None, most: int) -> list[dict[str, Any]]:
    """A few rows of evidence, of as many practices as there can be."""
    if rows is None or rows.empty:
        return []
    first = rows.drop_duplicates("practice")
    rest = rows.drop(first.index)
    return [dict(row) for row in (*first.to_dict("records"), *rest.to_dict("records"))][:most]


def _say(line: str) -> None:
    # Control characters of an article must not reach the terminal.
    print("".join(c if c.isprintable() else " " for c in line))
