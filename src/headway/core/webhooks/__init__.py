"""Telling programs outside that something changed: written with the change, sent after it, signed, tried again."""
