"""What the kiosk decides: a sitting, its screens and words. No Kivy, no I/O, no clock."""
