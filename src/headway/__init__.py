"""Headway: helps sales people who have fallen behind get back on track, fairly."""

__version__ = "0.1.0"
