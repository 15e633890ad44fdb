"""Verbs of the corridor staffing."""
