"""From scored phrases to practices: which there are, where they are carried out, what each one has."""
