"""Figures of DESIGN 10: each module prints one JSON line with raw figures and the floors of the same run."""
