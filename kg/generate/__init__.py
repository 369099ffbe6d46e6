"""Practice graphs of any size whose truth is known: for benchmarks, and for tests of what statistics find.

A plan (``kg.generate.plan``) is drawn once from a seed; the same plan becomes columns (``plan_columns``), articles with
their records (``plan_articles``) or a store. Everything in it is invented but the names of the places.
"""

from kg.generate.articles import plan_articles
from kg.generate.columns import plan_columns
from kg.generate.plan import Plan, make_plan
from kg.generate.world import Family, World
from kg.generate.writing import FORMS, write_plan

__all__ = ["FORMS", "Family", "Plan", "World", "make_plan", "plan_articles", "plan_columns", "write_plan"]
