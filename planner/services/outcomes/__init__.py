"""Outcomes: what is measured, what experiments show, and what both say of the criteria that teams were chosen by."""
