"""Verbs of the corridor planning."""
