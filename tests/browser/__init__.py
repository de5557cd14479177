"""The dashboard as a person uses it, in a real browser on the real program."""
