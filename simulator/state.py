"""Everything the stand-in knows, in one place that can be thrown away and begun again."""

import dataclasses
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator.account import Account, Token
from simulator.callbacks import Callbacks
from simulator.clock import Clock
from simulator.conversation import Archive, Message
from simulator.dice import Dice
from simulator.errors import MetaError
from simulator.faults import Faults
from simulator.feed import Feed
from simulator.limits import TokenBucket
from simulator.media import File, Media
from simulator.options import Options
from simulator.people import People, Person
from simulator.settings import Settings
from simulator.templates import Registry
from simulator.timeline import Timeline

JSON = dict[str, Any]
FREE_SERVICE = 1000


@dataclass
class Number:
    """A business number, as Meta's API shows it."""

    id: str
    waba_id: str
    display_phone_number: str
    verified_name: str = "Himal Secondary School"
    quality_rating: str = "GREEN"
    status: str = "CONNECTED"
    messaging_limit: str = "TIER_2K"
    name_status: str = "APPROVED"
    throughput: str = ""
    username: str = ""
    pin: str = ""
    callback_override: str = ""
    health: JSON = field(default_factory=dict)
    service_delivered: dict[str, int] = field(default_factory=dict)
    bucket: TokenBucket | None = None
    metadata: JSON = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.phone = "".join(each for each in str(self.display_phone_number) if each.isdigit())
        self.metadata = {"display_phone_number": self.phone, "phone_number_id": self.id}

    def is_service_free(self, now: float, is_arrival: bool) -> bool:
        """Whether a free-form message costs nothing: the first thousand delivered in a month (UTC)."""
        month = time.strftime("%Y-%m", time.gmtime(now))
        delivered = self.service_delivered.get(month, 0)
        if is_arrival:
            self.service_delivered = {month: delivered + 1}
        return delivered < FREE_SERVICE


@dataclass
class Tally:
    """Counters that stay small whatever passes by; of our callers' opaque data only a hash is kept."""

    accepted: int = 0
    inbound: int = 0
    rejected: Counter[int] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    opaque_seen: set[int] = field(default_factory=set)
    opaque_repeated: Counter[str] = field(default_factory=Counter)
    first_accepted_at: float = 0.0
    last_accepted_at: float = 0.0

    def note_accepted(self, opaque: str | None) -> None:
        self.accepted += 1
        self.last_accepted_at = time.time()
        self.first_accepted_at = self.first_accepted_at or self.last_accepted_at
        if opaque is None:
            return
        key = hash(opaque)
        if key in self.opaque_seen:
            self.opaque_repeated[opaque] += 1
        self.opaque_seen.add(key)


class World:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.feed = Feed()
        self.address = f"http://{options.host}:{options.port}"
        self._begin()

    def _begin(self) -> None:
        options = self.options
        self.settings = Settings(
            speed=options.speed, token=options.access_token, callback_url=options.callback_url
        )
        self.clock = Clock(options.speed)
        self.timeline = Timeline(self.clock)
        self.faults, self.tally, self.archive = Faults(), Tally(), Archive()
        self.callbacks = Callbacks(self.settings, self.clock, options.app_secret, self.faults)
        self.media = Media(self.clock, options.app_secret, options.seed)
        self.token, self.accounts = Token(), {options.waba_id: Account(options.waba_id)}
        self.people, self.registry = People(), Registry(Path(options.templates))
        self.held: list[tuple[Person, Message, Dice, int | None]] = []
        number = Number(options.phone_number_id, options.waba_id, options.display_phone_number)
        self.numbers = {number.id: number}
        self.settings_changed()

    def start(self) -> None:
        self.callbacks.start()

    async def stop(self) -> None:
        self.timeline.clear()
        await self.callbacks.stop()

    async def reset(self, seed: int | None = None) -> None:
        """Forget everything and begin again, as just started."""
        await self.stop()
        if seed is not None:
            self.options = dataclasses.replace(self.options, seed=seed)
        self._begin()
        self.start()

    def settings_changed(self) -> None:
        """Bring what depends on the settings into line with them."""
        self.clock.set_speed(self.settings.speed)
        for number in self.numbers.values():
            number.bucket = self._bucket()
        self.callbacks.settings_changed()

    def add_number(self, number: Number) -> None:
        number.bucket = self._bucket()
        self.numbers[number.id] = number

    def account(self, waba_id: str) -> Account:
        account = self.accounts.get(waba_id)
        if account is None:
            account = self.accounts[waba_id] = Account(waba_id)
        return account

    def media_address(self, file: File) -> str:
        """Where a file can be fetched within the next five minutes, with the token."""
        return f"{self.address}/media/?{self.media.query(file)}"

    def _bucket(self) -> TokenBucket | None:
        rate = self.settings.throughput_per_s
        return TokenBucket(rate, self.settings.throughput_burst or max(rate, 1.0)) if rate else None

    def number(self, number_id: str, method: str) -> Number:
        """Raises Meta's "object does not exist" for an ID that is not a number of ours."""
        number = self.numbers.get(number_id)
        if number is None:
            raise object_missing(number_id, method)
        return number

    def require_waba(self, waba_id: str, method: str) -> None:
        """Raises Meta's "object does not exist" for an ID that is not an account of ours."""
        if waba_id not in {number.waba_id for number in self.numbers.values()}:
            raise object_missing(waba_id, method)

    def counters(self) -> JSON:
        statuses, callbacks = self.tally.statuses, self.callbacks
        return {
            "accepted": self.tally.accepted,
            "rejected": {str(code): count for code, count in sorted(self.tally.rejected.items())},
            "rejected_total": self.tally.rejected.total(),
            "inbound": self.tally.inbound,
            "opaque": {
                "unique": len(self.tally.opaque_seen),
                "repeated": {each: count + 1 for each, count in self.tally.opaque_repeated.items()},
            },
            "statuses": dict(statuses),
            "scheduled": len(self.timeline),
            "held": len(self.held),
            "callbacks": {
                "posts_delivered": callbacks.posts_delivered,
                "posts_failed": callbacks.posts_failed,
                "updates_delivered": callbacks.updates_delivered,
                "updates_queued": callbacks.updates_queued,
                "last_failure": callbacks.last_failure,
            },
            "people": len(self.people),
            "first_accepted_at": self.tally.first_accepted_at,
            "last_accepted_at": self.tally.last_accepted_at,
        }


def object_missing(node: str, method: str) -> MetaError:
    return MetaError(
        100,
        message=f"Unsupported {method} request. Object with ID '{node}' does not exist, cannot be loaded due "
        "to missing permissions, or does not support this operation",
        subcode=33,
    )
