"""What phones hear: pages of what is new, the difference when rights change, whole pictures, and that there is news."""
