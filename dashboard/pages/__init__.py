"""The pages: each a list of sections over named documents."""
