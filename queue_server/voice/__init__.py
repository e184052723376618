"""Spoken announcements from committed clips."""
