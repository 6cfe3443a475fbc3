"""The same sync for clients that others wrote (RxDB, WatermelonDB)."""
