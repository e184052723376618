"""One module per protocol, each with a ``PROTOCOL``; found by its name. The package README says how to add one."""
