"""The formats of files: plain text, web pages, Word and PDF, tables with an article in each row."""
