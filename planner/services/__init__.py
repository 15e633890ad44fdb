"""The verbs: a session and plain values in, rows out, never a commit; `Refused` where the world does not allow it."""
