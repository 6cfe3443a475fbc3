"""An officer's day offline, synced over a bad line: does it ever stall, and how far is it from what is possible."""
