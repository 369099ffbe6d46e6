"""What a reader opens: a practice with its sentences, an article with what was read from it."""
