"""The lines of a page: which are the title and the body, which say who printed it and when, which are furniture."""
