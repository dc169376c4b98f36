"""Who somebody is to Meta: whether callbacks carry a phone, a username, and what the person has decided."""

from dataclasses import dataclass

NEVER, AFTER_OUR_MESSAGE = "never", "after our message"


@dataclass(frozen=True)
class Persona:
    """`ending` is a phone's last six digits; so long that no roster or benchmark meets one by chance."""

    name: str
    ending: str
    label: str
    story: str
    has_username: bool = False
    tells_phone: str = ""
    has_parent_id: bool = False
    stopped_marketing: bool = False
    blocks_us: bool = False
    changes: str = ""


PLAIN = Persona("plain", "", "", "A phone number and a business-scoped user ID")
LISTED = (
    Persona("username", "770081", "username and phone", "Has a username; callbacks carry it and the phone",
            has_username=True),
    Persona("hidden", "770082", "username, no phone", "Callbacks never carry the phone, only the user ID",
            has_username=True, tells_phone=NEVER),
    Persona("private", "770083", "phone after our message",
            "Callbacks carry the phone only for 30 days after a send to it",
            has_username=True, tells_phone=AFTER_OUR_MESSAGE),
    Persona("managed", "770084", "parent user ID", "Has a parent user ID beside the usual one",
            has_parent_id=True),
    Persona("new_number", "770085", "changes the number",
            "Takes a new number after the first message read, and WhatsApp tells it",
            changes="user_changed_number"),
    Persona("new_user_id", "770086", "changes the user ID",
            "Takes a new number after the first message read, and WhatsApp tells only the new user ID",
            has_username=True, changes="user_changed_user_id"),
    Persona("no_marketing", "770087", "no marketing", "Marketing templates fail with 131050",
            stopped_marketing=True),
    Persona("blocked_us", "770088", "has blocked us", "Everything fails with 131026", blocks_us=True),
)  # fmt: skip
PERSONAS = {each.name: each for each in (PLAIN, *LISTED)}
BY_ENDING = {each.ending: each for each in LISTED}
