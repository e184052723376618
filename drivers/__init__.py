"""Drivers: talk to the hall's devices, know nothing of queues. Start reading at README.md."""
