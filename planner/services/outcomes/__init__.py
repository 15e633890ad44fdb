"""Verbs of the corridor outcomes: objectives, what clients say, ideas."""
