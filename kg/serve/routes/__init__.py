"""What can be asked of the page's server: a file for each group of addresses."""
