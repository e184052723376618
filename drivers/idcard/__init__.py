"""Second-generation ID card readers (SAM module, SDT protocol)."""
