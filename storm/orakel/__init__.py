"""The oracle: what must come of every operation and what everybody must see, from docs/ontwerp (domein, sync).

Plain Python that knows nothing of `app`, so that the two can be wrong only apart from each other. It knows the
handful of acts that the storm uses. `recht` says who may, `dossier` what a document holds, `oordeel` what the
verdict is.
"""
