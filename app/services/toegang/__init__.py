"""Logins, codes, passwords, accounts and devices."""
