"""How many people a day a business may write to first, as Meta spells it."""

import re

from messaging.whatsapp.tolerant import word

KEY = "max_daily_conversations_per_business"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def tier_of(value: object) -> str | None:
    """Return a tier as TIER_2K, from a number too; TIER_UNLIMITED for -1, None for one that is not set."""
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    text = (word(whole, 15) or "").upper().removeprefix("TIER_")
    if text in {"", "0", "NOT_SET"}:
        return None
    if text in {"-1", "UNLIMITED"}:
        return "TIER_UNLIMITED"
    if _NUMBER.fullmatch(text) and text.endswith("000"):
        return f"TIER_{text.removesuffix('000')}K"
    return f"TIER_{text}"
