"""What pages and web services share."""
