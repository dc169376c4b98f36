"""News for the page: which phones changed since the last look. Costs nothing while nobody looks."""

import asyncio
from dataclasses import dataclass, field


@dataclass(eq=False)
class Listener:
    changed: set[str] = field(default_factory=set)

    def take(self) -> set[str]:
        changed, self.changed = self.changed, set()
        return changed


class Feed:
    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.closing = asyncio.Event()

    def touch(self, phone: str) -> None:
        for listener in self.listeners:
            listener.changed.add(phone)

    def join(self) -> Listener:
        listener = Listener()
        self.listeners.add(listener)
        return listener
