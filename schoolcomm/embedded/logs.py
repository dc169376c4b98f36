from pathlib import Path


def tail(log: Path, lines: int = 8) -> str:
    """Return the last lines of a log, indented, or a note that it is empty."""
    try:
        said = log.read_text(errors="replace").splitlines()[-lines:]
    except OSError:
        said = []
    return "\n".join(f"    {line}" for line in said) or "    (nothing)"
