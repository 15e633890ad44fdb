"""What may be said: the one law behind pages and API. Schemas never query; they judge only what was said."""
