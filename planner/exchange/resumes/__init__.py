"""Résumés in: JSON Resume, PDF, DOCX or a pasted text, read into a draft that a person confirms field by field.

What these functions read is anybody's: they run in the bounded child, and answer in what JSON can say. A draft holds
what the work needs and no more: photo, address, birth, schools and their years are left out, and listed as such.
"""
