"""De demo: het jaar 2023 van Harderwijk, nagespeeld over dezelfde HTTP-API die iedereen gebruikt.

Nothing here knows the services or the database: what the demo can do, every client can do. Its phones are those of
:mod:`veldboek_client`; `laden` plays the year of `harderwijk-2023.json`; `cijfers` sets the figures beside the
published ones.
"""
