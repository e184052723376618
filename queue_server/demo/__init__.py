"""The hall in a box: every program as its own process on simulators, and one page to look at them. Not for service."""
