"""The catalogue's definitions read as operations on arrays: the same functions, no database and no compiler."""


class Unsupported(Exception):
    """A definition says, or the facts hold, something that arrays are not able to do; a database is."""
