"""Regions and practices beside each other: matrix, sides, timeline and map."""
