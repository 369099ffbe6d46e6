"""The repository keeps to its plan: stations, top level, portability, nothing of a machine in it."""

from __future__ import annotations

import ast
import contextlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from kg.settings import PARTS

ROOT = Path(__file__).resolve().parents[1]
STATIONS = ("model", "knowledge", "read", "extract", "resolve", "graph", "query", "compare", "view", "serve")
"""In the order of the data: a station imports itself and those before it."""
BESIDE = (
    "generate",
    "pipeline",
    "propose",
    "verbs",
    "evaluate",
    "train",
    "prepare",
    "release",
    "settings",
    "cli",
    "__main__",
)
"""On top of the stations or beside them: no station imports these."""
TOP_LEVEL = {
    *("pyproject.toml", "README.md", "docs", "kg", "data", "notebooks", "tests"),
    *("Makefile", "LICENSE", "README.zh.md", "CITATION.cff", "constraints.txt"),
}
MODULES = sorted((ROOT / "kg").rglob("*.py"))
MACHINE = re.compile(
    r"/w[o]rk/\w|/r[o]ot/|/h[o]me/\w+/|/opt/py[p]i|[A-Z]:\\U[s]ers\\|bash_j[o]bs|"
    r"py[p]i\.org/simple|python[h]osted\.org|registry\.npm|npm[m]irror|deb\.deb[i]an\.org|"
    r"mirrors?\.(?:aliyun|tuna)|tuna\.tsinghua"
)


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for name in done.stdout.decode("utf-8").split("\0") if name and (path := ROOT / name).is_file()]


@cache
def imported(module: Path) -> tuple[str, ...]:
    """The modules that a module names in its imports, those inside functions included."""
    return tuple(_imported(module))


def _imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def breaches(station: str, modules: set[str]) -> set[str]:
    """Those of the imported modules that the station must not import."""
    allowed = {*STATIONS[: STATIONS.index(station) + 1], "errors", "workers", "__version__"}
    names = {name.split(".")[1] for name in modules if name.startswith("kg.")}
    return names - allowed


@pytest.mark.parametrize("station", STATIONS)
def test_no_station_imports_a_later_one(station: str) -> None:
    modules = [path for path in MODULES if path.relative_to(ROOT / "kg").parts[0] == station]
    assert modules
    found = {path.name: breaches(station, set(imported(path))) for path in modules}
    assert {name: later for name, later in found.items() if later} == {}


def test_every_module_belongs_to_a_station_or_beside() -> None:
    known = {*STATIONS, *BESIDE, "errors", "workers", "__init__"}
    assert {path.relative_to(ROOT / "kg").parts[0].removesuffix(".py") for path in MODULES} <= known


def test_a_breach_would_be_seen() -> None:
    assert breaches("read", {"kg.model", "kg.read.formats.page", "kg.query", "json"}) == {"query"}
    assert breaches("view", {"kg.cli.main", "kg.evaluate"}) == {"cli", "evaluate"}


FACADES = {"kg.compare.column_copy"}
"""Rooms in which a class has as methods what modules of its own do."""


def run_imports(module: Path) -> set[str]:
    """The modules that a module imports when it runs, not for its types alone."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = []
    return {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def circle(room: str, imports: dict[str, set[str]]) -> list[str]:
    """Rooms and modules directly in a room that import each other in a circle; empty where there is none."""
    above: dict[str, set[str]] = {}
    for module, names in imports.items():
        if module.startswith(f"{room}."):
            inside = {name.split(".")[room.count(".") + 1] for name in names if name.startswith(f"{room}.")}
            child = module.split(".")[room.count(".") + 1]
            above.setdefault(child, set()).update(inside - {child})
    try:
        TopologicalSorter(above).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_imports_between_the_parts_of_a_room_go_one_way() -> None:
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in MODULES if path.stem != "__init__"
    }
    imports = {module: run_imports(path) for module, path in paths.items()}
    rooms = {".".join(path.relative_to(ROOT).parent.parts) for path in MODULES} - {"kg"} - FACADES
    assert {"kg.graph", "kg.graph.store", "kg.serve"} <= rooms
    assert {room: found for room in sorted(rooms) if (found := circle(room, imports))} == {}


def test_a_circle_would_be_seen() -> None:
    imports = {"kg.a.x.one": {"kg.a.y.two"}, "kg.a.y": {"kg.a.z.f"}, "kg.a.z": {"kg.a.x.one.g"}}
    assert set(circle("kg.a", imports)) == {"x", "y", "z"}
    assert circle("kg.a", imports | {"kg.a.z": {"json.loads"}}) == circle("kg.a.x", imports) == []


def test_top_level_is_kept_to() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} - TOP_LEVEL == set()


LARGE = {"kg/extract/models/accurate/encoder.onnx": "fine-tuned-encoder"}
"""File over 5 MB → the decision record that says why it is there."""


def test_no_large_files_without_a_decision_record() -> None:
    large = {path.relative_to(ROOT).as_posix() for path in tracked() if path.stat().st_size > 5_000_000}
    assert large == set(LARGE)
    for file, page in LARGE.items():
        assert Path(file).name in (ROOT / f"docs/decisions/{page}.md").read_text(encoding="utf-8")


def test_nothing_of_a_machine_in_tracked_files() -> None:
    found = []
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" not in raw[:8000] and (hit := MACHINE.search(raw.decode("utf-8", errors="replace"))):
            found.append(f"{path.relative_to(ROOT)}: {hit[0]}")
    assert found == []


def test_constraints_name_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert len(pins) > 50
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", line)] == []


def test_pins_install_on_the_oldest_python_that_is_promised() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=") + ".0"
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    needs = {}
    for name in (line.partition("==")[0] for line in lines if not line.startswith("#")):
        with contextlib.suppress(PackageNotFoundError):  # of an extra that this environment is without
            needs[name] = metadata(name).get("Requires-Python")
    assert len(needs) > 100
    assert {name: need for name, need in needs.items() if need and oldest not in SpecifierSet(need)} == {}


def test_every_extra_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {_normal(line.partition("==")[0]) for line in lines if not line.startswith("#")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {_normal(re.split(r"[^\w.-]", one)[0]) for group in extras.values() for one in group}
    assert {"duckdb", "sparse-dot-topn"} <= wanted
    assert wanted - pinned - {project["name"]} == set()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


POSIX_ONLY = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios", "tty"}


def test_nothing_that_only_posix_has() -> None:
    found = [(path.name, name) for path in MODULES for name in imported(path) if name.split(".")[0] in POSIX_ONLY]
    calls = re.compile(r"\bos\.(fork|getuid|geteuid|kill|killpg|setsid|mkfifo|statvfs)\b|signal\.(SIGKILL|SIGALRM)\b")
    found += [(path.name, hit[0]) for path in MODULES if (hit := calls.search(path.read_text(encoding="utf-8")))]
    assert found == []


def unnamed_encodings(source: str) -> list[int]:
    """Lines that open a file as text without naming its encoding."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in ("open", "read_text", "write_text"):
            continue
        words = [
            word.value for word in ast.walk(node) if isinstance(word, ast.Constant) and isinstance(word.value, str)
        ]
        mode = name == "open" and any(re.fullmatch(r"[rwxa+]*b[rwxa+]*", word) for word in words)
        owner = getattr(node.func, "value", None)
        other = isinstance(owner, ast.Name) and owner.id in ("self", "source", "os", "tarfile", "zipfile")
        if not mode and not other and not any(key.arg == "encoding" for key in node.keywords):
            found.append(node.lineno)
    return found


def test_every_text_file_is_opened_with_its_encoding() -> None:
    assert unnamed_encodings('open("a")\nPath("a").read_text()\nopen("a", "rb")\nopen("a", encoding="utf-8")') == [1, 2]
    found = {path.name: lines for path in MODULES if (lines := unnamed_encodings(path.read_text(encoding="utf-8")))}
    assert found == {}


def third_party(modules: Iterable[Path]) -> set[str]:
    """The packages, by the names that registries know, whose modules these modules import."""
    known = packages_distributions()
    tops = {name.split(".")[0] for module in modules for name in imported(module)}
    return {canonicalize_name(package) for top in tops for package in known.get(top, ())}


def test_every_package_that_is_required_is_used() -> None:
    required = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {canonicalize_name(Requirement(line).name) for line in required}
    assert names - third_party(MODULES) == set()


def test_another_version_of_what_reads_or_finds_is_another_configuration() -> None:
    stations = [path for path in MODULES if path.relative_to(ROOT / "kg").parts[0] in ("read", "extract")]
    # Numbers, sets and hashes, whatever the version.
    plain = {"datasketch", "numpy", "practice-graph", "pyahocorasick", "pydantic", "threadpoolctl"}
    assert third_party(stations) - plain == {canonicalize_name(part) for part in PARTS} - {"opencc"}


def test_no_script_of_a_developer_lies_where_a_change_extracts_every_article_again() -> None:
    """All files of these folders are in the hash of the configuration; those that nothing runs belong beside them."""
    running = [path for path in MODULES if path.relative_to(ROOT / "kg").parts[0] not in ("train", "prepare")]
    used = {name for path in running for name in imported(path)}
    counted = [path for path in running if path.relative_to(ROOT / "kg").parts[0] in STATIONS[:5]]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in counted if path.stem != "__init__"}
    assert len(names) > 50 and names - used == set()


def test_the_command_line_starts_without_the_heavy_parts() -> None:
    code = "import kg.cli.main, sys; print(*{n.split('.')[0] for n in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    heavy = {"spacy", "pandas", "torch", "onnxruntime", "sklearn", "opencc"}
    heavy |= {"numpy", "scipy", "numba", "networkx", "pyvis", "rdflib"}
    assert set(done.stdout.decode("utf-8").split()) & heavy == set()


def test_what_the_view_names_it_gives_when_asked() -> None:
    import kg.view

    assert sorted(name for names in kg.view._PLACES.values() for name in names) == sorted(kg.view.__all__)
    assert all(getattr(kg.view, name) is not None for name in kg.view.__all__)
