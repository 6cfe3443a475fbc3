"""Clients that others' generators make of the contract; `make test-clients` runs them (it needs Java 17)."""
