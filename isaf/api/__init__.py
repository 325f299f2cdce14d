"""The i.SAF web service."""
