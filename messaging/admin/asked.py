"""What an address or a form asks for, as far as it can be taken."""


def key(text: str) -> int:
    """The key of a row; 0, which no row has, for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def text(typed: str) -> str:
    """As it was typed: a browser ends lines its own way, and the database takes no zeros."""
    return typed.replace("\r\n", "\n").replace("\0", "")
