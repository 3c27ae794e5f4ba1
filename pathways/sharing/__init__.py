"""Who may see and do what, what is logged of it, and in which words it is told."""
