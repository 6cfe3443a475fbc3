"""The fault storm: devices, a real API and a real PostgreSQL under the faults of docs/storm.md, beside an oracle.

Everything that happens in a run is drawn from its seed; `python -m storm --seed 7` does the same again. `rooster`
draws what happens, `handelingen` does it, `orakel` knows what must come of it, `toetsen` compares.
"""
