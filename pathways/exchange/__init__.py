"""The outside world's formats, one folder each."""
