"""The web service of i.VAZ."""
