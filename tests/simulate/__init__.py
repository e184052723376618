"""Whole days of a hall through the real gate, in virtual time."""
