"""A store brought to a SPARQL 1.1 server elsewhere: over HTTP, or in files that it loads in bulk."""
