"""Words of i.SAF for states, kinds, refusals and the journal."""
