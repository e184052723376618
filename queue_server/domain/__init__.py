"""The queue's rules: pure values and functions. No I/O, no clock, no third-party package."""
