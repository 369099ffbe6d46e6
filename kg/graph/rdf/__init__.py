"""Records as RDF: the terms, the statements with their evidence, and the shapes that they must conform to."""
