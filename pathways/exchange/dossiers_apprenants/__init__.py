"""The feed of training centres' software ("dossiers apprenants", v3): from a file to journal entries, row by row."""
