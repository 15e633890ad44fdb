"""Verbs of the corridor account."""
