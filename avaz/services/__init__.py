"""What the main system does for a.VAZ."""
