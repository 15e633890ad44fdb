"""The audit trail: `capture` hears every change of a session, `chain` writes it down at the end, `history` reads it."""
