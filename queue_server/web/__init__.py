"""Pages of console, display and manager."""
