"""Loads that start on a page: files kept aside, a job that reads them, a person who looks, a job that loads."""
