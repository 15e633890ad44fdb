"""Lists by sheet, in and out: what the columns mean, what a sheet would change, changing it at once, and undoing it."""
