"""From entries to documents: their history, which of them hold, what each becomes. The same live and in `herbouw`."""
