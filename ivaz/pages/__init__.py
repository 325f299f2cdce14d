"""What the pages of i.VAZ show."""
