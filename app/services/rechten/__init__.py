"""Who asks, with which rights as they stand now, and whether that login still holds."""
