"""Evaluation: how far predicted records agree with gold ones, and whether the gold is sound."""
