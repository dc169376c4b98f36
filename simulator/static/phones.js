"use strict";

/* The list of phones, the bar at the top, and the news that keeps both up to date. */

import { $, ask, decapitalised, element, hasTicks, hue, initial, listTime, spaced, ticks } from "./dom.js";
import { loadChat, openPhone, show } from "./chat.js";
import { loadMeta } from "./meta.js";

const phones = new Map();
let wanted = "";
let speedTouched = 0;

function row(phone) {
  const button = element("button", "row");
  button.type = "button";
  button.dataset.phone = phone.phone;
  button.setAttribute("aria-current", String(phone.phone === openPhone()));
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
  if (phone.last && hasTicks(phone.last.status)) second.append(ticks(phone.last.status));
  const mine = phone.last && phone.last.status === "received" ? "Parent: " : "";
  second.append(element("span", "preview", phone.last ? mine + phone.last.text.replaceAll("\n", " ") : "No message yet"));
  if (phone.unread) {
    const unread = element("span", "unread", String(phone.unread));
    unread.title = "Delivered, not read";
    second.append(unread);
  }
  const third = element("span", "line third");
  third.append(element("span", "number", spaced(phone.phone)), element("span", "script", phone.script || phone.persona_label));
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
  return { phone, name: "Write as this number", at: 0, unread: 0, script: "", persona_label: "", last: null };
}

function emptyList() {
  if (wanted) return "Nobody by that name or number. Type a whole number to write as somebody new.";
  return "No phone has been written to yet. When a teacher presses Send, the parents’ phones appear here.";
}

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
    loadMeta();
    for (const phone of news.phones) phones.set(phone.phone, phone);
    if (news.counters.people === 0 && phones.size) loadList().then(loadChat);
    if (news.phones.length) renderList();
    if (news.phones.some((phone) => phone.phone === openPhone())) loadChat();
  });
}

async function loadScripts() {
  const { scripts, personas } = await ask("/control/scripts");
  const told = (each) => (each.label && each.ending ? `${each.label}: ${decapitalised(each.story)}` : each.story);
  const rows = [...scripts, ...personas].map((each) => {
    const line = element("tr");
    const head = element("th", "", each.ending || "others");
    head.scope = "row";
    line.append(head, element("td", "", told(each)));
    return line;
  });
  $("scripts").replaceChildren(...rows);
  for (const each of personas) $("persona").add(new Option(each.label, each.name));
}

function fromAddress() {
  show(decodeURIComponent(location.hash.slice(1)));
  renderList();
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
