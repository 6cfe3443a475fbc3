"""The acts of the chain. Every module below this package that declares `ACT` is one kind of registratie."""
