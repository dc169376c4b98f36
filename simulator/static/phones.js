"use strict";

const $ = (id) => document.getElementById(id);
const phones = new Map();
const SVG = "http://www.w3.org/2000/svg";
const TICKS = {
  accepted: "M9 1.5a4.5 4.5 0 1 0 .01 0M9 3.5V6l1.8 1.2",
  sent: "M4 6.5l3.2 3L14 2",
  delivered: "M1 6.5l3.2 3L11 2M8 8.3l1.2 1.2L16.5 2",
  read: "M1 6.5l3.2 3L11 2M8 8.3l1.2 1.2L16.5 2",
  failed: "M9 1v6M9 10.4v.2",
};
const WORDS = {
  accepted: "Accepted, not sent yet",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  failed: "Not delivered",
};
const REASONS = {
  131026: "Not delivered: this number is not on WhatsApp",
  131049: "Not delivered: WhatsApp held it back to protect this person from too many messages",
};
let open = "";
let wanted = "";
let speedTouched = 0;
let loading = false;
let loadAgain = false;
let shown = "";

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function ticks(status, title) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 18 12");
  svg.setAttribute("class", `ticks ${status}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", title || WORDS[status]);
  const hint = document.createElementNS(SVG, "title");
  hint.textContent = title || WORDS[status];
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", TICKS[status]);
  svg.append(hint, path);
  return svg;
}

const decapitalised = (text) => text[0].toLowerCase() + text.slice(1);
const hue = (phone) => `hue${Number(phone.slice(-3)) % 6}`;
const initial = (name) => [...new Intl.Segmenter().segment(name)][0]?.segment || "?";
const date = (seconds) => new Date(seconds * 1000);
const clock = (seconds) => date(seconds).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const exact = (seconds) => date(seconds).toLocaleTimeString("en-GB");
const spaced = (phone) => phone.replace(/^\+977(\d{3})(\d{7})$/, "+977 $1-$2");

function day(seconds) {
  const that = date(seconds).toDateString();
  const today = new Date();
  if (that === today.toDateString()) return "Today";
  today.setDate(today.getDate() - 1);
  if (that === today.toDateString()) return "Yesterday";
  return date(seconds).toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "long" });
}

function until(seconds) {
  const tomorrow = date(seconds).toDateString() !== new Date().toDateString();
  return `${tomorrow ? "tomorrow " : ""}${clock(seconds)}`;
}

const listTime = (seconds) => (day(seconds) === "Today" ? clock(seconds) : day(seconds));

async function ask(path, order) {
  const options = order && { method: "POST", body: JSON.stringify(order) };
  const response = await fetch(path, options);
  return response.ok ? response.json() : null;
}

/* The list of phones */

function row(phone) {
  const button = element("button", "row");
  button.type = "button";
  button.dataset.phone = phone.phone;
  button.setAttribute("aria-current", String(phone.phone === open));
  const avatar = element("span", `avatar ${hue(phone.phone)}`, initial(phone.name));
  avatar.setAttribute("aria-hidden", "true");
  button.append(avatar, middle(phone));
  const item = element("li");
  item.append(button);
  return item;
}

function middle(phone) {
  const first = element("span", "line");
  first.append(element("span", "name", phone.name));
  if (phone.at) first.append(element("time", "", listTime(phone.at)));
  const second = element("span", "line");
  if (phone.last && phone.last.status in TICKS) second.append(ticks(phone.last.status));
  const mine = phone.last && phone.last.status === "received" ? "Parent: " : "";
  second.append(element("span", "preview", phone.last ? mine + phone.last.text.replaceAll("\n", " ") : "No message yet"));
  if (phone.unread) {
    const unread = element("span", "unread", String(phone.unread));
    unread.title = "Delivered, not read";
    second.append(unread);
  }
  const third = element("span", "line third");
  third.append(element("span", "number", spaced(phone.phone)), element("span", "script", phone.script));
  const box = element("span", "middle");
  box.append(first, second, third);
  return box;
}

function matching() {
  const digits = wanted.replace(/\D/g, "");
  const matches = (phone) =>
    phone.name.toLowerCase().includes(wanted) || (digits.length > 0 && phone.phone.includes(digits));
  return [...phones.values()].filter((phone) => !wanted || matches(phone)).sort((a, b) => b.at - a.at);
}

function renderList() {
  const found = matching();
  const rows = found.slice(0, 200).map(row);
  const digits = wanted.replace(/\D/g, "");
  if (!found.length && digits.length >= 10) rows.push(row(stranger(digits)));
  else if (!found.length) rows.push(element("li", "none", emptyList()));
  const focused = document.activeElement?.dataset?.phone;
  $("list").replaceChildren(...rows);
  if (focused) $("list").querySelector(`[data-phone="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function stranger(digits) {
  const phone = `+${digits.length === 10 ? "977" : ""}${digits}`;
  return { phone, name: "Write as this number", at: 0, unread: 0, script: "", last: null };
}

function emptyList() {
  if (wanted) return "Nobody by that name or number. Type a whole number to write as somebody new.";
  return "No phone has been written to yet. When a teacher presses Send, the parents' phones appear here.";
}

/* One chat */

function bubble(message, all) {
  const mine = message.direction === "in";
  const box = element("div", `bubble ${mine ? "mine" : "theirs"}`);
  if (message.status === "failed") box.classList.add("failed");
  if (["accepted", "sent"].includes(message.status)) box.classList.add("away");
  const quoted = message.quoted && all.find((each) => each.wamid === message.quoted);
  if (quoted) box.append(element("div", "quote", quoted.text));
  if (message.header) box.append(element("div", "header", message.header));
  box.append(element("div", "text", message.text));
  if (message.footer) box.append(element("div", "footer", message.footer));
  if (message.status === "failed") box.append(element("div", "why", REASONS[message.error] || `Not delivered (${message.error})`));
  box.append(foot(message, mine));
  if (message.buttons.length && message.status !== "failed") box.append(taps(message));
  return box;
}

function foot(message, mine) {
  const line = element("div", "foot");
  if (message.template) line.append(element("span", "template", `${message.template} · ${message.language}`));
  line.append(element("span", "", clock(message.at)));
  if (!mine) line.append(ticks(message.status, history(message)));
  return line;
}

function history(message) {
  const lines = message.statuses.map((each) => `${WORDS[each.status]} ${exact(each.at)}`);
  return lines.length ? lines.join("\n") : WORDS.accepted;
}

function taps(message) {
  const box = element("div", "taps");
  for (const label of message.buttons) {
    const button = element("button", "", label);
    button.type = "button";
    button.addEventListener("click", () => answer({ text: label, button: true, context: message.wamid }));
    box.append(button);
  }
  return box;
}

function renderBubbles(messages) {
  const parts = [];
  let last = "";
  for (const message of messages) {
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

function renderPerson(person) {
  $("name").textContent = person.name;
  $("phone").textContent = spaced(person.phone);
  $("window").textContent = person.window_until > Date.now() / 1000 ? ` · free text until ${until(person.window_until)}` : "";
  $("avatar").textContent = initial(person.name);
  $("avatar").className = `avatar ${hue(person.phone)}`;
  $("script").textContent = person.script;
  $("story").textContent = person.script ? `${person.script}: ${decapitalised(person.story)}` : "";
  $("story").hidden = !person.script;
  $("text").placeholder = `Answer as ${person.name.split(" ")[0]}`;
}

async function loadChat() {
  if (!open) return;
  if (loading) {
    loadAgain = true;
    return;
  }
  loading = true;
  const phone = open;
  const unknown = { ...stranger(phone.slice(1)), phone, name: "New parent", story: "", messages: [], window_until: 0 };
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

function show(phone) {
  open = phone;
  document.body.classList.toggle("chatting", Boolean(phone));
  $("chat").hidden = !phone;
  $("guide").hidden = Boolean(phone);
  renderList();
  loadChat();
}

const fromAddress = () => show(decodeURIComponent(location.hash.slice(1)));

async function answer(order) {
  const taken = await ask("/control/inbound", { from: open, ...order });
  if (taken) loadChat();
  return taken;
}

/* The bar at the top */

function renderCounters(counters) {
  const statuses = counters.statuses;
  const shownCounters = [
    ["accepted", counters.accepted, ""],
    ["delivered", statuses.delivered || 0, "minor"],
    ["read", statuses.read || 0, ""],
    ["failed", statuses.failed || 0, "bad"],
    ["refused", counters.rejected_total, "bad"],
    ["replies", counters.inbound, "minor"],
    ["waiting", counters.callbacks.updates_queued, "minor"],
  ];
  $("counters").replaceChildren(
    ...shownCounters.map(([label, count, kind]) => {
      const box = element("div", kind === "bad" && !count ? "" : kind);
      box.append(element("dt", "", label), element("dd", "", count.toLocaleString("en")));
      return box;
    }),
  );
}

function renderSpeed(news) {
  if (Date.now() - speedTouched < 1500) return;
  const value = news.instant ? "instant" : String(news.speed);
  const select = $("speed");
  if (![...select.options].some((option) => option.value === value)) select.add(new Option(`${value} times`, value));
  select.value = value;
}

function tell(text, lost) {
  $("connection").textContent = text;
  $("connection").classList.toggle("lost", lost);
}

function renderConnection(counters) {
  const problem = counters.callbacks.last_failure;
  if (problem) tell(`Callbacks do not get through: ${problem}. Trying again.`, true);
  else tell("A stand-in for WhatsApp. Nothing here leaves this computer.", false);
}

async function loadList() {
  const found = await ask(`/control/phones?q=${encodeURIComponent(wanted)}`);
  if (!found) return;
  if (!wanted) phones.clear();
  for (const phone of found.phones) phones.set(phone.phone, phone);
  renderCounters(found.counters);
  renderList();
}

function listen() {
  const stream = new EventSource("/control/events");
  stream.addEventListener("open", () => loadList().then(loadChat));
  stream.addEventListener("error", () => tell("The stand-in does not answer. Waiting for it to come back.", true));
  stream.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    renderCounters(news.counters);
    renderSpeed(news);
    renderConnection(news.counters);
    for (const phone of news.phones) phones.set(phone.phone, phone);
    if (news.counters.people === 0 && phones.size) loadList().then(loadChat);
    if (news.phones.length) renderList();
    if (news.phones.some((phone) => phone.phone === open)) loadChat();
  });
}

async function loadScripts() {
  const { scripts } = await ask("/control/scripts");
  const rows = scripts.map((script) => {
    const line = element("tr");
    const head = element("th", "", script.ending || "others");
    head.scope = "row";
    line.append(head, element("td", "", script.label && script.ending ? `${script.label}: ${decapitalised(script.story)}` : script.story));
    return line;
  });
  $("scripts").replaceChildren(...rows);
}

$("list").addEventListener("click", (event) => {
  const phone = event.target.closest("[data-phone]")?.dataset.phone;
  if (phone) location.hash = phone;
});
$("back").addEventListener("click", () => {
  location.hash = "";
});
$("search").addEventListener("input", () => {
  wanted = $("search").value.trim().toLowerCase();
  loadList();
});
$("answer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (text && (await answer({ text }))) $("text").value = "";
});
$("speed").addEventListener("change", () => {
  speedTouched = Date.now();
  const value = $("speed").value;
  const instant = value === "instant";
  ask("/control/settings", instant ? { instant } : { instant, speed: Number(value) });
});
addEventListener("hashchange", fromAddress);

loadScripts();
fromAddress();
listen();
