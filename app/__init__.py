"""Veldboek: a shared, offline-first inspection ledger."""

__version__ = "0.1.0"
