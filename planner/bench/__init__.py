"""The bench: our solver beside others' ways, on drawn and published problems, each run in a process of its own.

What measures (`session`, `measuring`, `rows`) and what tells of it (`table`, `history`, `picture`) never loads the
solver: it starts `child`, which does.
"""
