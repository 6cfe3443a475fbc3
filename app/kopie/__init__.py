"""`veldboek kopie`: a copy of everything that can be put back, and putting it back.

A copy is a directory: one part per schema of the database (ledger, vault, read models, operations), one with the
files, and MANIFEST.json, which names the ledger, its size and root, and the SHA-256 of every part. Secrets are
never in it: they go to a place of their own, when asked.
"""
