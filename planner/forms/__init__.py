"""How a page asks it: WTForms fields and widgets; what may be said is the schema's to judge."""
