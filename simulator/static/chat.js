"use strict";

/* One phone: its chat, and what its owner can do. */

import { $, ask, button, clock, day, decapitalised, element, exact, hue, initial, notice, spaced, ticks, until, WORDS } from "./dom.js";

const REASONS = {
  131026: "Not delivered: nobody with this number can be reached on WhatsApp",
  131042: "Not delivered: the school’s payment method does not work",
  131047: "Not delivered: the parent has not written within 24 hours, so only a template may be sent",
  131049: "Not delivered: WhatsApp held it back to protect this person from too many messages",
  131050: "Not delivered: this person wants no marketing messages",
  131053: "Not delivered: WhatsApp could not use the file",
};
const EMOJIS = ["👍", "❤️", "🙏", "😮"];
const SENDABLE = {
  Photo: { type: "image", caption: "Homework" },
  "Voice note": { type: "audio" },
  Document: { type: "document", filename: "letter.pdf" },
  Video: { type: "video" },
  Sticker: { type: "sticker" },
  Location: { type: "location", name: "Bus stop, Patan Dhoka" },
  "Contact card": { type: "contacts" },
  "Forwarded text": { type: "text", text: "Is this true? School closed tomorrow", forwarded: true },
  "Something unsupported": { type: "unsupported" },
};
const PHOTO_TYPES = ["image/jpeg", "image/png"];

let open = "";
let loading = false;
let loadAgain = false;
let shown = "";
let drawn = "";
let quoted = null;

export const openPhone = () => open;

/* Bubbles */

function bubble(message, all) {
  const mine = message.direction === "in";
  const box = element("div", `bubble ${mine ? "mine" : "theirs"}`);
  if (message.status === "failed") box.classList.add("failed");
  if (["accepted", "sent"].includes(message.status)) box.classList.add("away");
  const answered = message.quoted && all.find((each) => each.wamid === message.quoted);
  if (answered) box.append(element("div", "quote", answered.text || `[${answered.type}]`));
  if (message.header && !message.media) box.append(element("div", "header", message.header));
  if (message.media) box.append(media(message.media));
  if (message.text) box.append(element("div", "text", message.text));
  if (message.footer) box.append(element("div", "footer", message.footer));
  if (message.status === "failed") box.append(element("div", "why", REASONS[message.error] || `Not delivered (${message.error})`));
  box.append(foot(message, mine));
  if (message.taps.length && message.status !== "failed") box.append(taps(message));
  return box;
}

function media(file) {
  const source = file.id && `/control/media/${encodeURIComponent(file.id)}`;
  const isPicture = source && ["image", "sticker"].includes(file.kind);
  if (isPicture) {
    const picture = element("img", `media ${file.kind}`);
    picture.src = source;
    picture.alt = file.kind === "image" ? "Photo" : "Sticker";
    return picture;
  }
  if (source && file.kind === "audio") {
    const sound = element("audio", "media");
    sound.controls = true;
    sound.src = source;
    return sound;
  }
  const link = element(source ? "a" : "div", "media file", `${file.kind === "video" ? "🎬" : "📄"} ${file.filename || file.link || file.kind}`);
  if (source) link.href = source;
  return link;
}

function foot(message, mine) {
  const line = element("div", "foot");
  if (message.template) line.append(element("span", "template", `${message.template} · ${message.language}`));
  if (message.reaction) line.append(element("span", "reaction", message.reaction));
  line.append(menuFor(message, mine), element("span", "", clock(message.at)));
  if (!mine) line.append(ticks(message.status, history(message)));
  else if (message.seen) line.append(ticks("read", "Seen by the school"));
  return line;
}

function menuFor(message, mine) {
  const menu = element("details", "more");
  const summary = element("summary", "", "⋯");
  summary.setAttribute("aria-label", "What can be done with this message");
  const choices = element("div", "choices");
  choices.append(button("", "Quote", () => quote(message)));
  if (mine) {
    choices.append(button("", "Edit", () => edit(message)), button("", "Delete", () => answer({ type: "revoke", wamid: message.wamid })));
  } else {
    for (const emoji of EMOJIS) choices.append(button("emoji", emoji, () => answer({ type: "reaction", wamid: message.wamid, emoji })));
    if (message.reaction) choices.append(button("", "Take back", () => answer({ type: "reaction", wamid: message.wamid })));
  }
  menu.append(summary, choices);
  return menu;
}

function history(message) {
  const lines = message.statuses.map((each) => `${WORDS[each.status]} ${exact(each.at)}`);
  return lines.length ? lines.join("\n") : WORDS.accepted;
}

function taps(message) {
  const buttons = message.taps.map((tap, position) => tapButton(message, tap, position));
  const box = element("div", "taps");
  if (!message.menu) {
    box.append(...buttons);
    return box;
  }
  const list = element("details", "rows");
  list.append(element("summary", "", message.menu), ...buttons);
  box.append(list);
  return box;
}

function tapButton(message, tap, position) {
  const tapped = button("", tap.label, () => act(ask("/control/tap", { phone: open, wamid: message.wamid, button: position })));
  if (tap.description) tapped.append(element("small", "", tap.description));
  const opensElsewhere = ["url", "phone_number", "copy_code"].includes(tap.kind);
  tapped.disabled = opensElsewhere;
  tapped.title = opensElsewhere ? `Opens ${tap.payload}. The school is not told.` : `Sends back ${tap.payload || tap.label}`;
  return tapped;
}

function renderBubbles(messages) {
  const news = JSON.stringify(messages);
  if (news === drawn && shown === open) return;
  drawn = news;
  const parts = [];
  let last = "";
  for (const message of messages.filter((each) => each.type !== "reaction")) {
    const today = day(message.at);
    if (today !== last) parts.push(element("div", "day", today));
    last = today;
    parts.push(bubble(message, messages));
  }
  if (!parts.length) parts.push(element("p", "nothing", "Nothing has been written here yet."));
  const box = $("bubbles");
  const wasAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  box.replaceChildren(...parts);
  if (wasAtEnd || shown !== open) box.scrollTop = box.scrollHeight;
  shown = open;
}

/* The person */

function renderPerson(person) {
  $("name").textContent = person.name;
  $("phone").textContent = spaced(person.phone);
  $("window").textContent = person.window_until > Date.now() / 1000 ? ` · free text until ${until(person.window_until)}` : "";
  $("avatar").textContent = initial(person.name);
  $("avatar").className = `avatar ${hue(person.phone)}`;
  $("script").textContent = person.script || person.persona_label || "";
  $("story").textContent = stories(person).join(" · ");
  $("story").hidden = !$("story").textContent;
  $("text").placeholder = `Answer as ${person.name.split(" ")[0]}`;
  $("persona").value = person.persona || "plain";
  $("marketing").textContent = person.stopped_marketing ? "Want marketing again" : "Stop marketing messages";
  $("marketing").dataset.value = person.stopped_marketing ? "resume" : "stop";
}

function stories(person) {
  const told = [];
  if (person.script) told.push(`${person.script}: ${decapitalised(person.story)}`);
  if (person.persona_label) told.push(person.persona_story);
  if (person.username) told.push(`@${person.username}`);
  if (person.is_blocked) told.push("the school has blocked this person");
  return told;
}

export async function loadChat() {
  if (!open) return;
  if (loading) {
    loadAgain = true;
    return;
  }
  loading = true;
  const phone = open;
  const unknown = { phone, name: "New parent", script: "", story: "", persona: "plain", messages: [], window_until: 0 };
  const person = (await ask(`/control/phones/${encodeURIComponent(phone)}`)) || unknown;
  loading = false;
  if (phone === open) {
    renderPerson(person);
    renderBubbles(person.messages);
  }
  if (loadAgain || phone !== open) {
    loadAgain = false;
    loadChat();
  }
}

export function show(phone) {
  open = phone;
  quote(null);
  for (const menu of document.querySelectorAll(".chat details[open]")) menu.open = false;
  document.body.classList.toggle("chatting", Boolean(phone));
  $("chat").hidden = !phone;
  $("guide").hidden = Boolean(phone);
  loadChat();
}

/* What the person does */

async function act(asked) {
  const taken = await asked;
  if (taken) loadChat();
  return taken;
}

function answer(order) {
  const context = quoted ? { context: quoted.wamid } : {};
  quote(null);
  return act(ask("/control/inbound", { phone: open, ...context, ...order }));
}

function quote(message) {
  quoted = message;
  $("quoting").hidden = !message;
  $("quoted").textContent = message ? message.text || `[${message.type}]` : "";
  if (message) $("text").focus();
}

function edit(message) {
  const text = prompt("The message as it should have been:", message.text);
  if (text?.trim()) answer({ type: "edit", wamid: message.wamid, text: text.trim() });
}

function base64(buffer) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1] || "");
    reader.readAsDataURL(new Blob([buffer]));
  });
}

async function sendFile(file) {
  if (file.size > 10 * 1024 * 1024) return notice("Choose a file of at most 10 MB.");
  const mime_type = file.type || "application/octet-stream";
  const type = PHOTO_TYPES.includes(mime_type) ? "image" : "document";
  const own = { base64: await base64(await file.arrayBuffer()), mime_type };
  return answer({ type, filename: file.name, media: own });
}

function close(menu) {
  $(menu).open = false;
}

for (const [label, order] of Object.entries(SENDABLE)) {
  $("sendable").append(button("", label, () => (close("attach"), answer(order))));
}
$("own").addEventListener("change", async () => {
  close("attach");
  for (const file of $("own").files) await sendFile(file);
  $("own").value = "";
});
$("answer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (text && (await answer({ text }))) $("text").value = "";
});
$("unquote").addEventListener("click", () => quote(null));
$("persona").addEventListener("change", () => act(ask(`/control/people/${encodeURIComponent(open)}`, { persona: $("persona").value })));
$("marketing").addEventListener("click", () => {
  close("person-menu");
  act(ask(`/control/people/${encodeURIComponent(open)}/preference`, { value: $("marketing").dataset.value }));
});
for (const told of ["told", "untold"]) {
  $(told).addEventListener("click", async () => {
    close("person-menu");
    const moved = await ask(`/control/people/${encodeURIComponent(open)}/number`, { tells_phone: told === "told" });
    if (moved) location.hash = moved.person.phone;
  });
}
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".chat details.floating[open], .more[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
