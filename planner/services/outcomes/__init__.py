"""Verbs of the corridor outcomes: what work took, what it will take, and teams that can be asked for again."""
