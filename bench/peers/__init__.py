"""Veldboek beside Kinto and express-pouchdb: same machine, same records, same number of connections."""
