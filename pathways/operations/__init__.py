"""Verbs: they check, write, flush, and raise `Refused` with every reason. The caller's unit of work commits."""
