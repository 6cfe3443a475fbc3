"""Files: taken in, looked at, bound to what promised them, shown."""
