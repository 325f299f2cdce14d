"""i.VAZ files read and written: every section, record by record. Pure."""
