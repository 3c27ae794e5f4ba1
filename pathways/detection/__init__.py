"""Signals: rules over the facts of a pathway, and when their answers change."""
