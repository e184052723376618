"""Call pads: the keys at a window, and the small display above them."""
