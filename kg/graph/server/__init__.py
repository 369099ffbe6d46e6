"""Stores elsewhere: any SPARQL 1.1 server, asked and updated over HTTP."""
