"""Finding practices by words and filters."""
