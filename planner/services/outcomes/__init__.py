"""Verbs of the corridor outcomes: reports on teams and on the department, and when they are sent."""
