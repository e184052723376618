"""How long it will take: the choosing rule run forward, in a process of its own (DESIGN 4.8)."""
