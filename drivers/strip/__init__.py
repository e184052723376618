"""LED strips above the windows: eight characters that say whose turn it is."""
