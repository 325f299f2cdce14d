"""The pages of i.VAZ."""
