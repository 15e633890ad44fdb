"""The verbs of the corridor outcomes: what clients say, what is measured, what was reached, and what it changes."""
