"""Verbs of the corridor work: what comes of the plan in force, and what is not as it should be."""
