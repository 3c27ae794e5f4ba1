"""Nouns: they return rows for a page or an export, scoped to who asks."""
