"""Words that are an order when they are the whole message: stop, or start again.

“Please stop by the office” is not an order; “STOP.” is.
"""

import enum
import unicodedata


class Order(enum.Enum):
    STOP = "stop"
    START = "start"


WORDS = {
    Order.STOP: """
        stop | stop all | unsubscribe
        | बन्द | बन्द गर | बन्द गर्नुहोस् | बन्द गर्नुस् | रोक | रोक्नुहोस् | रोक्नुस् | नपठाउनुहोस् | नपठाउनुस्
        | banda | banda gara | banda garnuhos | banda garnus | roka | roknuhos | roknus
        | napathaunuhos | napathaunus
    """,
    Order.START: "start | unstop | subscribe | सुरु | सुरु गर्नुहोस् | सुरु गर्नुस् | suru | suru garnuhos | suru garnus",
}
ORDERS = {word.strip(): order for order, words in WORDS.items() for word in words.split("|")}


def order_in(text: str) -> Order | None:
    """The order that this message is, or None. Case, punctuation and emoji do not matter."""
    kept = "".join(
        character if unicodedata.category(character)[0] in "LMN" else " " for character in text.casefold()
    )
    return ORDERS.get(" ".join(kept.split()))
