"""The mailbox and what happened, for programs."""
