"""Server-sent events: the newest state to everyone who listens."""
