"""Beside the stations: a store packed as a citable data release, and what changed between two of them."""

from kg.release.contents import Contents, read_contents
from kg.release.difference import Change, Difference, difference
from kg.release.metadata import Description
from kg.release.pack import release

__all__ = ["Change", "Contents", "Description", "Difference", "difference", "read_contents", "release"]
