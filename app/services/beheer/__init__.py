"""What only an operator does: the first administrator, folding again, looking all over, measuring."""
