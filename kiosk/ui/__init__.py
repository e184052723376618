"""What the kiosk draws. The only place that knows Kivy."""
