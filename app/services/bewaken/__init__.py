"""Whether the ledger is still what was sealed: checks, the mark outside it, damage, and the alarm that stops all."""
