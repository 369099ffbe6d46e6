"""The text as the models see it: words, tags, layout, quotations, in one page of plain arrays."""
