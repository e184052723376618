"""ESC/POS printers with Chinese text."""
