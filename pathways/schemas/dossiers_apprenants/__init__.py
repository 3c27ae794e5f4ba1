"""The "dossiers apprenants" payload (version 3) as training centres' software sends it, read row by row."""
