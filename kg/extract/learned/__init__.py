"""The learned parts: candidate phrases, what each is, what belongs to what, and how sure that is."""
