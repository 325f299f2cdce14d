"""What i.SAF writes to a taxpayer's mailbox, and under which key."""
