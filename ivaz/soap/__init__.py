"""The synchronous web service of i.VAZ (docs/ivaz/processor.md)."""
