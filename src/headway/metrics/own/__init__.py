"""Metrics a company defines itself: on a page (kept in the records) or in files of its home."""
