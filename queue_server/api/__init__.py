"""HTTP: decode, ask the gate, encode."""
