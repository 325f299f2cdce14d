"""Pages of a.VAZ in the portal."""
