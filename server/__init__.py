"""Composition: settings, data folder, embedded database, app, endpoint, bus, demo, command line. Nobody imports it."""
