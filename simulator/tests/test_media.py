import base64
import hashlib
import io

import aiohttp
import pytest

from simulator.samples import sample
from simulator.tests.conftest import text_message

NUMBER = "100000000000001"
AUTHORITY = {"Authorization": "Bearer a-token"}
MAGIC = {
    "image": b"\xff\xd8\xff",
    "video": b"ftypisom",
    "audio": b"OggS",
    "document": b"%PDF-1.4",
    "sticker": b"RIFF",
}


async def fetched(meta, url, **headers):
    async with meta.session.get(url, headers=headers or AUTHORITY) as response:
        return response.status, await response.read(), response.headers.get("Content-Type")


async def uploaded(meta, content, mime_type, **fields):
    form = aiohttp.FormData({"messaging_product": "whatsapp", "type": mime_type} | fields)
    form.add_field("file", io.BytesIO(content), filename="letter.pdf", content_type=mime_type)
    return await meta.graph("POST", f"{NUMBER}/media", data=form)


@pytest.mark.parametrize("kind", list(MAGIC))
def test_a_file_can_be_fetched_and_is_what_it_says(play, kind):
    async def story(meta):
        file = (await meta.says(type=kind))[kind]
        status, content, mime_type = await fetched(meta, file["url"])
        return file, status, content, mime_type

    file, status, content, mime_type = play(story)
    assert status == 200
    assert content[:12].find(MAGIC[kind]) in (0, 4)
    assert mime_type == file["mime_type"]
    assert base64.b64decode(file["sha256"]) == hashlib.sha256(content).digest()


def test_a_png_is_a_png():
    assert sample("image/png")[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_voice_note_and_a_document_carry_their_marks(play):
    async def story(meta):
        voice = await meta.says(type="audio")
        letter = await meta.says(type="document", filename="routine.pdf", caption="The routine")
        return voice["audio"]["voice"], letter["document"]["filename"], letter["document"]["caption"]

    assert play(story) == (True, "routine.pdf", "The routine")


def test_a_file_is_looked_up_by_its_id(play):
    async def story(meta):
        file = (await meta.says(type="image"))["image"]
        status, told = await meta.graph("GET", f"{file['id']}?phone_number_id={NUMBER}")
        return file, status, told, (await fetched(meta, told["url"]))[1]

    file, status, told, content = play(story)
    assert (status, told["id"], told["mime_type"]) == (200, file["id"], "image/jpeg")
    assert told["file_size"] == len(content)
    assert told["sha256"] == hashlib.sha256(content).hexdigest()


def test_an_address_wants_the_token_and_is_good_for_five_minutes(play):
    async def story(meta):
        file = (await meta.says(type="image"))["image"]
        statuses = [(await fetched(meta, file["url"], Authorization="Bearer other"))[0]]
        for seconds in (290, 20):
            await meta.control("advance", seconds=seconds)
            statuses.append((await fetched(meta, file["url"]))[0])
        anew = (await meta.graph("GET", file["id"]))[1]["url"]
        return [*statuses, (await fetched(meta, anew))[0]]

    assert play(story) == [401, 200, 404, 200]


def test_an_address_cannot_be_made_up(play):
    async def story(meta):
        file = (await meta.says(type="image"))["image"]
        until = file["url"].partition("ext=")[2].partition("&")[0]
        return (await fetched(meta, file["url"].replace(until, str(int(until) + 9000))))[0]

    assert play(story) == 404


def test_the_id_of_an_inbound_file_lives_seven_days(play):
    async def story(meta):
        file = (await meta.says(type="image"))["image"]
        statuses = []
        for days in (6, 2):
            await meta.control("advance", seconds=days * 86400)
            statuses.append((await meta.graph("GET", file["id"]))[0])
        return statuses

    assert play(story) == [200, 400]


def test_a_file_can_lie_and_be_huge_and_fail(play):
    async def story(meta):
        own = base64.b64encode(b"MZ not a picture").decode()
        media = {
            "base64": own,
            "mime_type": "image/jpeg",
            "sha256": "AAAA",
            "padding": 3_000_000,
            "file_size": 5,
        }
        file = (await meta.says(type="image", media=media | {"fail": 500, "times": 1}))["image"]
        failed = (await fetched(meta, file["url"]))[0]
        _, content, mime_type = await fetched(meta, file["url"])
        size = (await meta.graph("GET", file["id"]))[1]["file_size"]
        return failed, content[:2], len(content), mime_type, file["sha256"], size

    assert play(story) == (500, b"MZ", 3_000_016, "image/jpeg", "AAAA", 5)


def test_a_document_can_really_be_something_else(play):
    async def story(meta):
        media = {"mime_type": "application/pdf", "really": "image/png"}
        file = (await meta.says(type="document", media=media))["document"]
        return file["mime_type"], (await fetched(meta, file["url"]))[1][:4]

    assert play(story) == ("application/pdf", b"\x89PNG")


def test_an_uploaded_file_can_be_sent_and_deleted(play):
    async def story(meta):
        await meta.says(text="Hello")
        status, answer = await uploaded(meta, sample("application/pdf"), "application/pdf")
        message = text_message(type="document", document={"id": answer["id"], "caption": "The routine"})
        await meta.control("settings", duplicate_share=0)
        await meta.gets(message)
        arrived = meta.webhook.items("statuses")[0]["status"]
        shown = (await meta.get("/control/phones/9779841200101"))[1]["messages"][-1]["media"]
        deleted = await meta.graph("DELETE", answer["id"])
        again = await meta.gets(message)
        failed = [each for each in meta.webhook.items("statuses") if each["id"] == again]
        return status, arrived, shown["filename"], deleted, failed[0]["errors"][0]["code"]

    assert play(story) == (200, "sent", "letter.pdf", (200, {"success": True}), 131053)


@pytest.mark.parametrize(
    ("content", "mime_type", "fields", "code"),
    [
        (b"", "image/png", {}, 100),
        (b"x", "application/x-msdownload", {}, 100),
        (b"x", "image/png", {"messaging_product": "sms"}, 100),
        (b"x" * (5 * 1024 * 1024 + 1), "image/png", {}, 131053),
    ],
    ids=["nothing", "a program", "another product", "a picture too large"],
)
def test_an_upload_that_cannot_be_taken_is_refused(play, content, mime_type, fields, code):
    async def story(meta):
        return (await uploaded(meta, content, mime_type, **fields))[1]["error"]["code"]

    assert play(story) == code


def test_a_picture_is_no_document(play):
    async def story(meta):
        await meta.says(text="Hello")
        _, answer = await uploaded(meta, sample("image/png"), "image/png")
        await meta.control("settings", duplicate_share=0)
        await meta.gets(text_message(type="audio", audio={"id": answer["id"]}))
        return [each["errors"][0]["code"] for each in meta.webhook.items("statuses")]

    assert play(story) == [131053]


def test_the_page_shows_a_file_without_a_token_and_without_running_it(play):
    async def story(meta):
        page = base64.b64encode(b"<script>alert(1)</script>").decode()
        media = {"base64": page, "mime_type": "text/html"}
        file = (await meta.says(type="document", media=media))["document"]
        async with meta.session.get(f"{meta.base}/control/media/{file['id']}") as response:
            return response.status, response.headers["Content-Type"], response.headers["Content-Disposition"]

    assert play(story) == (200, "application/octet-stream", "attachment")
