"""The concept schemes (SKOS in Turtle) and what is asked of them: labels, ancestors, finding labels in a text."""

from kg.knowledge.vocabulary.concept import SCHEMES, Concept, ConceptMatch
from kg.knowledge.vocabulary.vocabulary import Vocabulary

__all__ = ["SCHEMES", "Concept", "ConceptMatch", "Vocabulary"]
