"""Why something is refused, in words: by code, a table for each corridor; wording.py puts them together."""
