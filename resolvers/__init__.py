"""Thin: who asks, parse, one service call, map."""
