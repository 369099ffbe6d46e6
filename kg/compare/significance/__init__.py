"""Whether it is more than chance: intervals, tests, corrections, and what chance alone would give."""
