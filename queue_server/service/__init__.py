"""Use cases around the domain: the gate and what it publishes."""
