"""Planted faults, each of which the tests must catch. The list: faults.py. To run them: see README.md."""
