"use strict";

/* The Meta panel: what Meta decides about templates, the number, the account, and how its callbacks come. */

import { $, ask, button, element, notice } from "./dom.js";

const STATUS_ACTIONS = {
  PENDING: ["Approve", "Reject"],
  APPROVED: ["Pause", "Disable", "Reject"],
  PAUSED: ["Approve", "Disable"],
  DISABLED: ["Approve"],
  REJECTED: ["Approve"],
};
const BECOMES = { Approve: "APPROVED", Reject: "REJECTED", Pause: "PAUSED", Disable: "DISABLED" };
const NAMES = { Approve: { PAUSED: "Unpause", DISABLED: "Reinstate" } };
const ODDITIES = {
  twice: "every POST twice",
  backwards: "last one first",
  integer_ids: "IDs as integers",
  milliseconds: "milliseconds",
  hyphenated_languages: "en-US for en_US",
  mislabelled: "wrong field names",
  no_contacts: "no contacts",
  bare_contacts: "contacts without a profile",
  phone_contacts: "contacts with only a phone",
  user_ids_as_phones: "user IDs as phones",
  plain_usernames: "usernames without @",
  unknown_fields: "unknown fields",
  unknown_news: "unknown news",
};
let drawn = "";
let asking = false;

export async function loadMeta() {
  if (!$("meta").open || asking) return;
  asking = true;
  const [listed, account, state] = await Promise.all(["templates", "account", "state"].map((each) => ask(`/control/${each}`)));
  asking = false;
  if (!listed || !account || !state) return;
  const news = JSON.stringify([listed, account.numbers, account.accounts, account.token, state.settings]);
  if (news === drawn) return;
  drawn = news;
  renderTemplates(listed.templates);
  renderAccount(account, state.settings);
}

async function change(path, order, told) {
  if (!(await ask(`/control/${path}`, order))) return;
  if (told) notice(told);
  drawn = "";
  loadMeta();
}

/* Templates */

function renderTemplates(templates) {
  const rows = templates.map(templateRow);
  if (!rows.length) rows.push(element("p", "hint", "Meta knows no templates."));
  $("templates").replaceChildren(...rows);
}

function templateRow(template) {
  const box = element("div", "template-row");
  const named = { name: template.name, language: template.language };
  const title = element("div", "what");
  title.append(element("b", "", template.name), element("span", "hint", ` ${template.language} · ${template.category.toLowerCase()}`));
  const state = element("span", `chip ${template.status.toLowerCase()}`, template.status.toLowerCase());
  const actions = element("div", "actions");
  for (const action of STATUS_ACTIONS[template.status] || ["Approve"]) {
    const name = NAMES[action]?.[template.status] || action;
    actions.append(button("", name, () => change("template", { ...named, status: BECOMES[action] })));
  }
  const other = template.category === "MARKETING" ? "UTILITY" : "MARKETING";
  actions.append(quality(template, named), button("", `Make ${other.toLowerCase()}`, () => change("template", { ...named, category: other })));
  box.append(title, state, actions);
  return box;
}

function quality(template, named) {
  const select = element("select");
  select.setAttribute("aria-label", `Quality of ${template.name}`);
  for (const each of ["GREEN", "YELLOW", "RED", "UNKNOWN"]) select.add(new Option(each.toLowerCase(), each));
  select.value = template.quality_score.score;
  select.addEventListener("change", () => change("template", { ...named, quality: select.value }));
  return select;
}

/* Number, account, token, callbacks */

function renderAccount(known, settings) {
  const [number] = known.numbers;
  const [account] = known.accounts;
  const restricted = Object.entries(account.restrictions).find(([, until]) => until > known.now);
  const hasExpired = known.token.expires_at > 0 && known.token.expires_at <= known.now;
  const values = {
    review: settings.review,
    quality: number.quality_rating,
    tier: number.messaging_limit,
    throughput: number.throughput || "STANDARD",
    status: number.status,
    restriction: restricted ? restricted[0] : "",
    ban: account.ban,
    payment: String(account.payment_failed),
    token: String(known.token.is_valid && !hasExpired),
    subscribed: String(account.is_subscribed),
    callbacks: settings.callbacks,
    closed_window: settings.closed_window,
  };
  for (const [name, value] of Object.entries(values)) $(`meta-${name}`).value = value;
  for (const box of document.querySelectorAll("#oddities input")) box.checked = settings.oddities.includes(box.value);
}

const ORDERS = {
  review: (value) => ["settings", { review: value }],
  quality: (value) => ["number", { quality: value }],
  tier: (value) => ["number", { tier: value }],
  throughput: (value) => ["number", { throughput: value }],
  status: (value) => ["number", { status: value }],
  restriction: (value) => ["account", { restriction: value || null }],
  ban: (value) => ["account", { ban: value || "REINSTATE" }],
  payment: (value) => ["account", { payment_failed: value === "true" }],
  token: (value) => ["token", value === "true" ? { is_valid: true, expires_in: null } : { expires_in: -1 }],
  subscribed: (value) => ["account", { subscribed: value === "true" }],
  callbacks: (value) => ["settings", { callbacks: value }],
  closed_window: (value) => ["settings", { closed_window: value }],
};
for (const [name, order] of Object.entries(ORDERS)) {
  $(`meta-${name}`).addEventListener("change", (event) => change(...order(event.target.value)));
}

for (const [name, label] of Object.entries(ODDITIES)) {
  const line = element("label", "check");
  const box = element("input");
  box.type = "checkbox";
  box.value = name;
  line.append(box, document.createTextNode(label));
  $("oddities").append(line);
}
$("oddities").addEventListener("change", () => {
  const oddities = [...document.querySelectorAll("#oddities input:checked")].map((box) => box.value);
  change("settings", { oddities });
});

const NEWS = {
  "Name approved": ["number", { name_decision: "APPROVED" }],
  "Name rejected": ["number", { name_decision: "REJECTED" }],
  "PIN was changed": ["number", { security: "PIN_CHANGED" }],
  "PIN reset asked for": ["number", { security: "PIN_RESET_REQUEST" }],
  "Account alert": ["account", { alert: { severity: "CRITICAL", type: "PROFILE_PICTURE_LOST", description: "Please upload the profile picture again." } }],
  "Account violation": ["account", { event: "ACCOUNT_VIOLATION", details: { violation_info: { violation_type: "SPAM" } } }],
  "Review approved": ["account", { review: "APPROVED" }],
  "Wrong signature": ["callback", { body: { object: "whatsapp_business_account", entry: [] }, sign: "wrong" }],
};
for (const [label, [path, order]] of Object.entries(NEWS)) {
  $("news").append(button("", label, () => change(path, order, `Told: ${label.toLowerCase()}.`)));
}
for (const [label, seconds] of Object.entries({ "1 hour": 3600, "24 hours": 86400, "7 days": 604800 })) {
  $("time").append(button("", label, () => change("advance", { seconds }, `${label} have passed.`.replace("1 hour have", "1 hour has"))));
}

$("open-meta").addEventListener("click", () => {
  $("meta").showModal();
  drawn = "";
  loadMeta();
});
$("close-meta").addEventListener("click", () => $("meta").close());
$("meta").addEventListener("click", (event) => {
  if (event.target === $("meta")) $("meta").close();
});
