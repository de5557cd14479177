"""Composition: settings, clock, the embedded database, app, auth, bus, command line. Nobody imports it."""
