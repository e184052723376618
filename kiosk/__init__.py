"""The kiosk: what a resident touches. Start reading at README.md."""
