"""``hall-devices doctor``: does each device of a settings file answer on its port, and if not, what to do."""
