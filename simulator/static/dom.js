"use strict";

/* What every part of the page needs: elements, ticks, times, and a way to ask the stand-in. */

export const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const TICKS = {
  accepted: "M9 1.5a4.5 4.5 0 1 0 .01 0M9 3.5V6l1.8 1.2",
  sent: "M4 6.5l3.2 3L14 2",
  delivered: "M1 6.5l3.2 3L11 2M8 8.3l1.2 1.2L16.5 2",
  read: "M1 6.5l3.2 3L11 2M8 8.3l1.2 1.2L16.5 2",
  played: "M1 6.5l3.2 3L11 2M8 8.3l1.2 1.2L16.5 2",
  failed: "M9 1v6M9 10.4v.2",
};
export const WORDS = {
  accepted: "Accepted, not sent yet",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  played: "Played",
  failed: "Not delivered",
};

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function button(className, text, act) {
  const made = element("button", className, text);
  made.type = "button";
  if (act) made.addEventListener("click", act);
  return made;
}

export const hasTicks = (status) => status in TICKS;

export function ticks(status, title) {
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

export const decapitalised = (text) => text[0].toLowerCase() + text.slice(1);
export const hue = (phone) => `hue${Number(phone.slice(-3)) % 6}`;
export const initial = (name) => [...new Intl.Segmenter().segment(name)][0]?.segment || "?";
const date = (seconds) => new Date(seconds * 1000);
export const clock = (seconds) => date(seconds).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
export const exact = (seconds) => date(seconds).toLocaleTimeString("en-GB");
export const spaced = (phone) => phone.replace(/^\+977(\d{3})(\d{7})$/, "+977 $1-$2");

export function day(seconds) {
  const that = date(seconds).toDateString();
  const today = new Date();
  if (that === today.toDateString()) return "Today";
  today.setDate(today.getDate() - 1);
  if (that === today.toDateString()) return "Yesterday";
  return date(seconds).toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "long" });
}

export function until(seconds) {
  const tomorrow = date(seconds).toDateString() !== new Date().toDateString();
  return `${tomorrow ? "tomorrow " : ""}${clock(seconds)}`;
}

export const listTime = (seconds) => (day(seconds) === "Today" ? clock(seconds) : day(seconds));

let noticeTimer = 0;

/* A sentence at the foot of the page that goes away by itself. */
export function notice(text) {
  clearTimeout(noticeTimer);
  $("notice").textContent = text;
  $("notice").hidden = false;
  noticeTimer = setTimeout(() => ($("notice").hidden = true), 5000);
}

export async function ask(path, order) {
  const options = order && { method: "POST", body: JSON.stringify(order) };
  const response = await fetch(path, options).catch(() => null);
  if (response?.ok) return response.json();
  if (order) notice((await response?.json().catch(() => null))?.error || "The stand-in does not answer.");
  return null;
}
