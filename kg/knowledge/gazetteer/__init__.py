"""The administrative places of China, province to village, with codes by source and year."""

from kg.knowledge.gazetteer.gazetteer import Gazetteer
from kg.knowledge.gazetteer.place import LEVELS, Code, Level, Place, PlaceMatch

__all__ = ["LEVELS", "Code", "Gazetteer", "Level", "Place", "PlaceMatch"]
