"""A region is found by the short names that the press uses, alone and in a path."""

from __future__ import annotations

import pytest

from kg.errors import UsageError
from kg.query.names import Names

PATHS = {
    "gx": ("广西壮族自治区",),
    "gc": ("广西壮族自治区", "桂林市", "恭城瑶族自治县"),
    "xj": ("新疆维吾尔自治区",),
    "dl": ("云南省", "大理白族自治州"),
    "cq": ("重庆市",),
    "jj": ("重庆市", "江津区"),
    "sf": ("重庆市", "江津区", "双福街道"),
}


@pytest.mark.parametrize(
    ("said", "iri"),
    [
        ("广西", "gx"),
        ("新疆", "xj"),
        ("恭城", "gc"),
        ("恭城县", "gc"),
        ("大理", "dl"),
        ("大理州", "dl"),
        ("广西/恭城", "gc"),
        ("广西 桂林 恭城县", "gc"),
        ("重庆", "cq"),
        ("江津", "jj"),
        ("双福", "sf"),
    ],
)
def test_a_region_by_its_short_name(said: str, iri: str) -> None:
    names = Names("region", {key: (path[-1],) for key, path in PATHS.items()}, PATHS)
    assert names.find(said, where="--region") == {iri}


def test_what_is_no_short_name_finds_none() -> None:
    names = Names("region", {key: (path[-1],) for key, path in PATHS.items()}, PATHS)
    for said in ("广", "壮族自治区", "云南/江津"):
        with pytest.raises(UsageError, match="no region is called"):
            names.find(said, where="--region")
