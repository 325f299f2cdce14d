"""What templates say about mandates."""
