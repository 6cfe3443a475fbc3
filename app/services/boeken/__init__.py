"""The one way to write something down: seen before, allowed, judged, folded, sealed, in one transaction."""
