"""Call pads and LED strips of a hall: presses become commands, the hall becomes texts. Drivers do the talking."""
