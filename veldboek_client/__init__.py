"""The reference client of Veldboek: records offline, syncs so that nothing is lost and nothing counts twice.

Copy it, or port it: it needs Python's SQLite and httpx, and nothing of the server. `toestel` is the device,
`bijlagen` its files, `opslag` its SQLite outbox and documents, `verbinding` one signed-in person on the API,
`storing` faults to order.
"""
