"""The whole record as CSV tables: one file per kind of record, described in docs/tables.md."""
