"""The optimisation core: it answers staffing problems and has never heard of the web or of a database."""
