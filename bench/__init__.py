"""Measurements. Nothing here passes or fails; the tables say what was measured, on which machine, how often."""
