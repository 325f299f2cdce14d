"""The desk's pages, and the doors of the main system and of gateways."""
