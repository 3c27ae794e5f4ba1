"""Lists the region shares: its communes, their groupings, its missions locales, levels, ages and classes. docs/reference.md."""
