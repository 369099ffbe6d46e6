"""Practice graph: from local press articles to a graph in which every statement leads back to its words."""

__version__ = "0.1.0"
__all__ = ["__version__"]
