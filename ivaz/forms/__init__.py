"""Input of the pages of i.VAZ."""
