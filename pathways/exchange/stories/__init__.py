"""Acceptance stories: one person's dated events, and what the tool must show, day-exact."""
