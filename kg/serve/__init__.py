"""Station 8: the local web page over a typed API and the SPARQL protocol, read-only, on this machine alone."""

from kg.serve.app import create_app
from kg.serve.run import serve

__all__ = ["create_app", "serve"]
