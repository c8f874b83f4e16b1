"""Facts straight from CRMs, databases and folders. See README.md."""
