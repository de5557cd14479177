"""Parts that pages are made of, one in each file."""
