"""Verbs of the corridor hiring."""
