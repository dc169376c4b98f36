import asyncio
import json
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from simulator import envelope
from simulator.answers import WORLD
from simulator.app import create_app
from simulator.options import Options

SECRET = "a-secret"
DAILY_UPDATE = ["Sita", "Aarav", "4B", "Monday", "Science", "Leaves", "Read page 12", "Bring a ruler"]


@dataclass
class Webhook:
    """The other end of the callbacks. `answers` are the statuses of the next answers, then 200."""

    answers: list = field(default_factory=list)
    posts: list = field(default_factory=list)
    bad_signatures: int = 0

    async def receive(self, request):
        raw = await request.read()
        is_bad = request.headers.get("X-Hub-Signature-256") != envelope.signature(raw, SECRET)
        self.bad_signatures += is_bad
        self.posts.append(raw)
        return web.Response(status=self.answers.pop(0) if self.answers else 403 if is_bad else 200)

    async def challenge(self, request):
        good = request.query["hub.verify_token"] == "a-verify-token"
        return web.Response(text=request.query["hub.challenge"], status=200 if good else 403)

    def items(self, kind):
        documents = [json.loads(raw) for raw in self.posts]
        changes = [change for each in documents for entry in each["entry"] for change in entry["changes"]]
        return [item for change in changes for item in change["value"].get(kind, [])]

    def news(self):
        """Every change that was told: its field and its value."""
        documents = [json.loads(raw) for raw in self.posts]
        entries = [entry for each in documents for entry in each["entry"]]
        return [(change["field"], change["value"]) for entry in entries for change in entry["changes"]]

    def statuses(self):
        return [(each.get("biz_opaque_callback_data"), each["status"]) for each in self.items("statuses")]


class Meta:
    """The stand-in as a caller sees it."""

    def __init__(self, base, session, webhook, world):
        self.base, self.session, self.webhook, self.world = base, session, webhook, world

    async def post(self, path, document, **headers):
        async with self.session.post(self.base + path, json=document, headers=headers) as response:
            return response.status, await response.json()

    async def get(self, path, token="a-token"):
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.get(self.base + path, headers=headers) as response:
            return response.status, await response.json()

    async def graph(self, method, path, token="a-token", **more):
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.request(
            method, f"{self.base}/v26.0/{path}", headers=headers, **more
        ) as response:
            return response.status, await response.json()

    async def says(self, phone="+9779841200101", **order):
        """What the callback URL is told of what a parent says: the message itself."""
        await self.control("inbound", phone=phone, **order)
        await self.control("flush")
        return self.webhook.items("messages")[-1]

    async def gets(self, payload):
        """Send, let everything happen, and return the wamid."""
        status, answer = await self.send(payload)
        assert status == 200, answer
        await self.control("flush")
        return answer["messages"][0]["id"]

    async def control(self, path, **order):
        status, answer = await self.post(f"/control/{path}", order)
        assert status == 200, answer
        return answer

    async def send(self, payload, token="a-token", number="100000000000001"):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self.post(f"/v26.0/{number}/messages", payload, **headers)


def template_message(
    to="+9779841200101", values=None, opaque="one", name="daily_update", language="en", **changes
):
    parameters = [{"type": "text", "text": value} for value in values or DAILY_UPDATE]
    template = {
        "name": name,
        "language": {"code": language},
        "components": [{"type": "body", "parameters": parameters}],
    }
    message = {"messaging_product": "whatsapp", "to": to, "type": "template", "template": template}
    return message | {"biz_opaque_callback_data": opaque} | changes


def text_message(to="+9779841200101", body="Thank you", **changes):
    return {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}} | changes


async def _listen(app):
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


async def _played(story, options):
    webhook = Webhook()
    receiver = web.Application()
    receiver.router.add_post("/webhook", webhook.receive)
    receiver.router.add_get("/webhook", webhook.challenge)
    receiving, callback_url = await _listen(receiver)
    chosen = {"app_secret": SECRET, "access_token": "a-token", "verify_token": "a-verify-token", "seed": 7}
    app = create_app(Options(callback_url=callback_url + "/webhook", **(chosen | options)))
    running, base = await _listen(app)
    try:
        async with aiohttp.ClientSession() as session:
            return await story(Meta(base, session, webhook, app[WORLD]))
    finally:
        await running.cleanup()
        await receiving.cleanup()


@pytest.fixture
def play():
    """Runs a coroutine function against a stand-in and a webhook on free ports; returns what it returns."""

    def run(story, **options):
        return asyncio.run(_played(story, options))

    return run
