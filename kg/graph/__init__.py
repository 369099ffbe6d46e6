"""Station 4: records as RDF with their evidence, checked by SHACL, in a store on disk that is finished or not there."""
