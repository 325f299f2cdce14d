"""Pages about taxpayers, mandates, keys and the journal."""
