from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from simulator.tests.conftest import template_message
from simulator.tests.test_inbound import BUTTONS, interactive

CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"width": 390, "height": 844}
HER = "9779841200101"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed: apt-get install chromium"
    ),
]


@pytest.fixture
def look(play):
    """Runs a coroutine function with a page on a phone, and what it tells the callback URL."""

    def run(story):
        async def on_a_phone(meta):
            async with async_playwright() as playwright:
                options = ["--no-sandbox", "--disable-gpu"]
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=options)
                page = await browser.new_page(viewport=PHONE)
                trouble = []
                page.on("pageerror", lambda error: trouble.append(str(error)))
                await story(meta, page)
                fits = await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
                await meta.control("flush")
                return trouble, fits, meta.webhook

        return play(on_a_phone)

    return run


def test_a_parent_taps_answers_and_sends_a_photo(look):
    async def story(meta, page):
        await meta.says(text="Hello")
        await meta.gets(interactive(BUTTONS))
        await page.goto(f"{meta.base}/#%2B{HER}")
        await page.get_by_role("button", name="No", exact=True).click()
        await page.get_by_label("Answer as this parent").fill("She is ill")
        await page.get_by_role("button", name="Send the answer").click()
        await page.get_by_label("Send something else than text").click()
        await page.get_by_role("button", name="Photo").click()
        await expect(page.get_by_alt_text("Photo")).to_be_visible()

    trouble, fits, webhook = look(story)
    said = webhook.items("messages")
    assert (trouble, fits) == ([], True)
    assert [each["type"] for each in said] == ["text", "interactive", "text", "image"]
    assert said[1]["interactive"]["button_reply"]["id"] == "bus:no"


def test_a_parent_reacts_and_takes_a_new_number(look):
    async def story(meta, page):
        wamid = await meta.gets(template_message())
        await page.goto(f"{meta.base}/#%2B{HER}")
        await page.get_by_label("What can be done with this message").click()
        await page.get_by_role("button", name="🙏").click()
        await expect(page.locator(".reaction")).to_have_text("🙏")
        await page.get_by_label("What this person can change").click()
        await page.get_by_role("button", name="WhatsApp tells it").click()
        await expect(page.locator("#phone")).not_to_have_text("+977 984-1200101")
        assert meta.world.people[HER].message(wamid)

    trouble, fits, webhook = look(story)
    kinds = [each["type"] for each in webhook.items("messages")]
    assert (trouble, fits, kinds) == ([], True, ["reaction", "system"])


def test_metas_side_pauses_a_template_and_restricts_the_account(look):
    async def story(meta, page):
        await page.goto(meta.base)
        await page.get_by_role("button", name="Meta’s side").click()
        await page.get_by_role("button", name="Pause").first.click()
        await expect(page.locator(".chip.paused")).to_be_visible()
        await page.locator("#meta-restriction").select_option(label="may not write first")
        await page.locator("#meta-quality").select_option(label="red")
        await page.get_by_role("button", name="PIN was changed").click()
        await expect(page.get_by_text("Told: pin was changed.")).to_be_visible()

    trouble, fits, webhook = look(story)
    assert (trouble, fits) == ([], True)
    assert [field for field, _ in webhook.news()] == [
        "message_template_status_update",
        "account_update",
        "phone_number_quality_update",
        "security",
    ]
