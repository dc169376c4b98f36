"""Words that are an order when they are the whole message: stop, start again, help, another language.

“Please stop by the office” is not an order; “STOP.” is.
"""

import enum
import functools
import unicodedata


class Order(enum.Enum):
    STOP = "stop"
    STOP_ALL = "stop_all"
    START = "start"
    HELP = "help"
    LANGUAGE = "language"
    ENGLISH = "english"
    NEPALI = "nepali"


WORDS = {
    Order.STOP: """
        stop | unsubscribe | stop messages | opt out
        | बन्द | बन्द गर | बन्द गर्नुहोस् | बन्द गर्नुस् | रोक | रोक्नुहोस् | रोक्नुस् | नपठाउनुहोस् | नपठाउनुस्
        | banda | banda gara | banda garnuhos | banda garnus | roka | roknuhos | roknus
        | napathaunuhos | napathaunus
    """,
    Order.STOP_ALL: """
        stop all | stop everything | सबै बन्द | सबै बन्द गर्नुहोस् | सबै रोक | सबै रोक्नुहोस्
        | sabai banda | sabai banda garnuhos | sabai roka | sabai roknuhos
    """,
    Order.START: """
        start | unstop | subscribe | opt in | सुरु | सुरु गर | सुरु गर्नुहोस् | सुरु गर्नुस् | शुरु | शुरु गर्नुहोस्
        | suru | suru gara | suru garnuhos | suru garnus | shuru | pathaunuhos | पठाउनुहोस्
    """,
    Order.HELP: "help | info | menu | मद्दत | सहयोग | सहायता | maddat | maddhat | sahayog | sahayata | madat",
    Order.LANGUAGE: "language | lang | change language | भाषा | भाषा बदल | bhasa | bhasha | bhasa badal",
    Order.ENGLISH: "english | in english | अंग्रेजी | अङ्ग्रेजी | angreji | angrezi",
    Order.NEPALI: "nepali | in nepali | नेपाली | नेपालीमा | nepalima",
}


def order_in(text: str, own: tuple[tuple[Order, str], ...] = ()) -> Order | None:
    """The order that this message is, or None. Case, punctuation and emoji do not matter.

    `own`: a school's own words for an order, one a line. The usual words keep their meaning.
    """
    said = _plain(text)
    return ORDERS.get(said) or _of_school(own).get(said) if said else _of_signs(text)


@functools.lru_cache(maxsize=256)
def _of_school(own: tuple[tuple[Order, str], ...]) -> dict[str, Order]:
    return {_plain(line): order for order, words in own for line in words.splitlines() if _plain(line)}


def _plain(text: str) -> str:
    """Letters and digits in small form; joiners, which some keyboards leave out, left out."""
    normal = unicodedata.normalize("NFC", text.casefold()).translate(JOINERS)
    kept = "".join(character if unicodedata.category(character)[0] in "LMN" else " " for character in normal)
    return " ".join(kept.split())


def _of_signs(text: str) -> Order | None:
    return Order.HELP if set(text.split()) == {"?"} else None


JOINERS = dict.fromkeys((0x200B, 0x200C, 0x200D, 0xFEFF))
ORDERS = {_plain(word): order for order, words in WORDS.items() for word in words.split("|") if _plain(word)}
