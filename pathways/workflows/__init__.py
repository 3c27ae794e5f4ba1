"""What the schemes are and how declared facts move them: plain data and functions, no I/O."""
