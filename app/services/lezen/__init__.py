"""What somebody may see: the one door for documents, the content of entries with a reason, versions, figures."""
