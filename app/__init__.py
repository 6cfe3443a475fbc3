"""Veldboek: a shared, offline-first inspection ledger."""

import gc

__version__ = "0.1.0"

gc.set_threshold(50_000, 20, 100)  # before all that is imported: collections take a seventh of the start otherwise
