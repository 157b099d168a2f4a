"""Compiled loops: arrays in, arrays out; see README.md."""
