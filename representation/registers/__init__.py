"""Files of the state's registers: what they hold, how they are read and what they would change."""
