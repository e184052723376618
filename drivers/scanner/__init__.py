"""Code scanners: serial ones, and those that type like a keyboard."""
