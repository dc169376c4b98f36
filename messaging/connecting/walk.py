"""The way an operator is led: settings, token, number, account, webhook, templates, a test message."""

import dataclasses
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from messaging import checks, numbers
from messaging.connecting import judging, trial, webhook
from messaging.connecting.findings import Finding, Person, missing, note, well
from messaging.whatsapp import account_api, errors, hosts, template_api
from messaging.whatsapp.account_api import NumberFacts
from messaging.whatsapp.errors import WhatsAppError
from messaging.whatsapp.graph import Graph

T = TypeVar("T")
Step = Iterator[str | Finding]
Asked = Generator[Finding, None, T | None]

CONNECTED = "CONNECTED"


@dataclasses.dataclass(frozen=True)
class Wishes:
    """What the operator wants tried. `public_url` empty: the address that WhatsApp has."""

    public_url: str = ""
    test_to: str = ""


def walk(person: Person, wishes: Wishes) -> Step:
    """Yield a title for each part and a finding for each step; go on where that makes sense."""
    yield "Settings"
    problems = list(_of_settings())
    yield from problems
    if any(problem.is_missing for problem in problems):
        return
    with numbers.graph(settings.WA_ACCESS_TOKEN) as graph:
        yield from Walk(graph, person, wishes).steps()


def _of_settings() -> Iterator[Finding]:
    found = [*checks.check_api_url(), *checks.check_whatsapp_settings()]
    for message in found:
        yield missing(message.msg, message.hint or "Correct it in the environment or in .env.")
    if not found:
        yield well("All are there and look right.")
    if hosts.is_stand_in(settings.WHATSAPP_API_URL):
        yield note("WHATSAPP_API_URL is the stand-in.", "For real families it is https://graph.facebook.com")


class Walk:
    """One operator's way with one number; what an answer tells serves later steps."""

    def __init__(self, graph: Graph, person: Person, wishes: Wishes) -> None:
        self.graph, self.person, self.wishes = graph, person, wishes
        self.number_id, self.waba_id = settings.WA_PHONE_NUMBER_ID, settings.WA_BUSINESS_ACCOUNT_ID
        self.app_id = self.callback_url = ""

    def steps(self) -> Step:
        yield "Access token"
        if not (yield from self._token()):
            return
        yield "Number"
        yield from self._number()
        yield "Account"
        yield from self._account()
        yield "Webhook"
        yield from self._webhook()
        yield "Templates"
        yield from self._templates()

    def _token(self) -> Generator[Finding, None, bool]:
        """Whether the rest can be asked with it."""
        facts = yield from self._asked("the token", account_api.token_facts, settings.WA_ACCESS_TOKEN)
        if facts is None:
            return False
        self.app_id = facts.app_id
        yield from judging.of_token(facts, timezone.now())
        return facts.is_valid

    def _number(self) -> Step:
        facts = yield from self._asked("the number", account_api.number_facts, self.number_id)
        if facts is None:
            return
        self.callback_url = facts.callback_url
        yield from judging.of_number(facts)
        yield from self._registered(facts)
        health = yield from self._asked("its health", account_api.health, self.number_id)
        if health is not None:
            yield from judging.of_health(health)

    def _registered(self, facts: NumberFacts) -> Step:
        if facts.status == CONNECTED:
            yield well("It is registered.")
            return
        words = f"It is not registered for sending ({facts.status or 'nothing told'})."
        pin = self.person.tells("The PIN of the number, six digits (a new one if it has none yet)")
        if not (pin.isascii() and pin.isdigit() and len(pin) == 6):
            yield missing(words, "Run this again without --yes and enter its PIN, six digits.")
            return
        done = yield from self._done("register the number", account_api.register, self.number_id, pin)
        if done:
            yield well("It is registered now. Keep the PIN in a safe place.")

    def _account(self) -> Step:
        ids = yield from self._asked("the account", account_api.phone_number_ids, self.waba_id)
        if ids is not None:
            yield judging.of_belonging(self.number_id, ids)
        apps = yield from self._asked("its apps", account_api.subscribed_app_ids, self.waba_id)
        if apps is not None:
            yield from self._subscribed(self.app_id in apps if self.app_id else bool(apps))

    def _subscribed(self, is_subscribed: bool) -> Step:
        if is_subscribed:
            yield well("Its callbacks go to our app.")
            return
        if not self.person.agrees("Its callbacks do not go to our app. Subscribe the app to it?"):
            yield missing(
                "Its callbacks do not go to our app.", "Run this again and let it subscribe the app."
            )
            return
        done = yield from self._done("subscribe the app", account_api.subscribe, self.waba_id)
        if done:
            yield well("Its callbacks go to our app from now on.")

    def _webhook(self) -> Step:
        address = webhook.address_of(self.wishes.public_url, self.callback_url)
        if not address:
            yield missing("No address is known.", "Name it: --public-url https://school.example.com")
            return
        yield webhook.compared(address, self.callback_url)
        yield from webhook.tried(
            address, verify_token=settings.VERIFY_TOKEN, app_secret=settings.WA_APP_SECRETS[0]
        )
        yield f"In the app dashboard, subscribe to these fields: {', '.join(webhook.FIELDS)}"

    def _templates(self) -> Step:
        documents = yield from self._asked("the templates", template_api.list_all, self.waba_id)
        if documents is None:
            return
        listed = [each for each in map(template_api.listed, documents) if each]
        yield judging.of_templates(listed)
        if self.wishes.test_to:
            yield "Test message"
            yield from trial.tried(self.graph, self.number_id, self.wishes.test_to, listed)

    def _asked(self, name: str, ask: Callable[..., T], *what: str) -> Asked[T]:
        try:
            return ask(self.graph, *what)
        except WhatsAppError as error:
            yield missing(f"WhatsApp does not tell about {name}: {error}.", _advice(error))
            return None

    def _done(self, name: str, do: Callable[..., None], *what: str) -> Generator[Finding, None, bool]:
        try:
            do(self.graph, *what)
        except WhatsAppError as error:
            yield missing(f"WhatsApp does not let us {name}: {error}.", _advice(error))
            return False
        return True


def _advice(error: WhatsAppError) -> str:
    if error.code is not None:
        return " ".join(filter(None, (errors.explain(error.code), error.details)))
    return "Try again; see whether this server reaches WHATSAPP_API_URL."
