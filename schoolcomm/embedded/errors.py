class CannotStart(Exception):
    """What is wrong and what to do about it, in a sentence for the person at the terminal."""


class PortTaken(CannotStart):
    """Somebody else took the free port before our server did."""
