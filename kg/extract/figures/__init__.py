"""Figures: numbers, what they count, how they compare."""
