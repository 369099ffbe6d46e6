"""What is installed is complete: every data file of the package is in the wheel."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[1]


def data_files() -> list[str]:
    """Files of the package that are no Python, by their path within ``kg``."""
    files = [path for path in (ROOT / "kg").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return sorted(path.relative_to(ROOT / "kg").as_posix() for path in files if path.suffix not in (".py", ".pyc"))


def test_every_data_file_is_named_by_a_pattern() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["kg"]
    files = data_files()
    assert len(files) > 30
    plain = [pattern.removeprefix("**/") for pattern in patterns]
    assert [file for file in files if not any(PurePosixPath(file).match(pattern) for pattern in plain)] == []


@pytest.mark.slow
def test_the_wheel_holds_every_file(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    for path in (ROOT / "kg").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            target = source / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    call = ["-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(tmp_path), "."]
    subprocess.run([sys.executable, *call], cwd=source, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name.removeprefix("kg/") for name in archive.namelist() if name.startswith("kg/")}
    modules = {path.relative_to(ROOT / "kg").as_posix() for path in (ROOT / "kg").rglob("*.py")}
    assert ({*data_files()} | modules) - names == set()
