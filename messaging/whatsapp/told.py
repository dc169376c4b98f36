"""What a callback of Meta's tells, in our own terms, one class for each sort of news."""

import dataclasses
import datetime

from messaging.whatsapp.tolerant import JSON


@dataclasses.dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message of ours. `reference` is what was sent along as biz_opaque_callback_data."""

    wamid: str
    status: str
    at: datetime.datetime
    reference: str | None = None
    phone_number_id: str | None = None
    recipient_phone: str | None = None
    recipient_user_id: str | None = None
    error_code: int | None = None
    error_details: str | None = None
    pricing_category: str | None = None
    pricing_type: str | None = None  # regular, free_customer_service, free_entry_point
    billable: bool | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Inbound:
    """What a person sent to one of our numbers. Either way of knowing the sender may be missing, or both."""

    wamid: str
    kind: str
    text: str | None
    at: datetime.datetime
    phone_number_id: str | None = None
    waba_id: str | None = None
    sender_phone: str | None = None
    sender_user_id: str | None = None
    profile_name: str | None = None
    username: str | None = None  # without its @; people change it
    replied_to: str | None = None
    payload: str | None = None
    forwarded: bool = False
    media_id: str | None = None
    media_type: str | None = None  # as image/jpeg, what the sender's app says
    media_name: str | None = None
    media_sha256: str | None = None  # in hexadecimal
    voice: bool = False  # recorded in the chat, not a file
    original: str | None = None  # an edit or a revocation: the wamid of the message that it changes
    raw: JSON = dataclasses.field(default_factory=dict, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class IdentityChange:
    """A person goes by another phone or user id from now on, as a system message of WhatsApp's says.

    `kind` is Meta's word: user_changed_number, user_changed_user_id, customer_identity_changed or
    user_id_update. What it does not tell is None.
    """

    kind: str
    at: datetime.datetime
    wamid: str | None = None
    phone_number_id: str | None = None
    waba_id: str | None = None
    previous_phone: str | None = None
    phone: str | None = None
    previous_user_id: str | None = None
    user_id: str | None = None
    raw: JSON = dataclasses.field(default_factory=dict, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Preference:
    """A person told WhatsApp itself that she wants our marketing messages or not."""

    at: datetime.datetime
    wants: bool
    category: str = "marketing_messages"
    phone_number_id: str | None = None
    waba_id: str | None = None
    phone: str | None = None
    user_id: str | None = None
    raw: JSON = dataclasses.field(default_factory=dict, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateNews:
    """What WhatsApp tells of one template. `about`: status, quality, category, components or detection.

    `event` is the new status in Meta's word (PAUSED), `category` the one that holds now, `next_category` the
    one that it will get at `next_category_at`; `title` and `details` are Meta's words on why.
    """

    about: str
    at: datetime.datetime
    waba_id: str | None = None
    template_id: str | None = None
    name: str | None = None
    language: str | None = None  # as en_US, however it came
    event: str | None = None
    reason: str | None = None
    title: str | None = None
    details: str | None = None
    quality: str | None = None
    category: str | None = None
    next_category: str | None = None
    next_category_at: datetime.datetime | None = None
    header: str | None = None
    body: str | None = None
    footer: str | None = None
    raw: JSON = dataclasses.field(default_factory=dict, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class AccountNews:
    """What WhatsApp tells of a number, an account or a portfolio; `field` and `event` in Meta's words.

    phone_number_quality_update, phone_number_name_update, business_username_update,
    business_capability_update, account_update, account_alerts, account_review_update, security.
    """

    field: str
    event: str
    at: datetime.datetime
    waba_id: str | None = None
    phone_number_id: str | None = None
    display_phone: str | None = None  # digits only
    tier: str | None = None  # as TIER_2K; TIER_UNLIMITED for no limit
    throughput: int | None = None  # messages a second
    verified_name: str | None = None
    username: str | None = None
    restrictions: tuple[str, ...] = ()
    until: datetime.datetime | None = None  # the end of the longest restriction, where it has one
    entity_type: str | None = None
    entity_id: str | None = None
    alert_type: str | None = None
    alert_severity: str | None = None  # CRITICAL, WARNING, INFORMATIONAL
    alert_status: str | None = None  # ACTIVE, NONE
    details: str | None = None
    raw: JSON = dataclasses.field(default_factory=dict, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Other:
    """Everything else, kept: what is known and not for us, and what is unknown."""

    field: str
    waba_id: str | None
    kind: str
    value: JSON = dataclasses.field(repr=False)
    phone_number_id: str | None = None


Event = Receipt | Inbound | IdentityChange | Preference | TemplateNews | AccountNews | Other
