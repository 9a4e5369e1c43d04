// What the pages need beyond htmx: keys, copying, ages that stay true, and swaps that keep one's place.
"use strict";

const isTyping = (element) =>
  element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// --- keys: / finds, j and k move, ? explains ---------------------------------------------------

function move(step) {
  const items = [...document.querySelectorAll("[data-item]")].filter((item) => item.getClientRects().length);
  if (items.length) {
    const at = items.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : Math.min(Math.max(at + step, 0), items.length - 1);
    items[next].focus();
    items[next].scrollIntoView({ block: "nearest" });
    return;
  }
  document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
}

const KEYS = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.getElementById("keys").showModal(),
  j: () => move(1),
  k: () => move(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  const copier = event.target.closest("[data-copies]");
  if (copier) copy(copier, document.getElementById(copier.dataset.copies));
});

// --- choosing: one box for all of its name ------------------------------------------------------

document.addEventListener("change", (event) => {
  const name = event.target.dataset.chooses;
  if (name) for (const box of document.getElementsByName(name)) box.checked = event.target.checked;
});

// --- narrowing a list, and inserting what is chosen of it into a text -----------------------------

document.addEventListener("input", (event) => {
  const list = document.getElementById(event.target.dataset.narrows);
  if (!list) return;
  const wanted = event.target.value.trim().toLowerCase();
  for (const item of list.querySelectorAll("li")) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  for (const group of list.querySelectorAll("details")) {
    group.hidden = !group.querySelector("li:not([hidden])");
    group.open = wanted !== "" && !group.hidden;
  }
});

document.addEventListener("click", (event) => {
  const inserter = event.target.closest("[data-inserts]");
  if (!inserter) return;
  const field = document.getElementById(inserter.dataset.inserts);
  field.setRangeText(inserter.textContent, field.selectionStart, field.selectionEnd, "end");
  field.focus();
});

// --- copying: without a secure context the text is at least selected ----------------------------

async function copy(button, source) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(source);
    button.textContent = "Press Ctrl+C";
  }
  setTimeout(() => { button.textContent = label; }, 1500);
}

// --- ages: the same words as tracks/templatetags/qa.py ------------------------------------------

const UNITS = [[86400, "d"], [3600, "h"], [60, "min"]];

function tellAges() {
  for (const time of document.querySelectorAll("time[data-age]")) {
    const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
    if (seconds >= 30 * 86400) continue; // shown as a date
    const unit = UNITS.find(([size]) => seconds >= size);
    time.textContent = unit ? `${Math.floor(seconds / unit[0])} ${unit[1]} ago` : "just now";
  }
}

setInterval(tellAges, 20_000);

// --- swaps: the focus and the place in a log stay; a lost session or server is said ----------------

let focused = "";
let logs = [];
let pressed = false;

// A button that is replaced between its press and its release is never clicked: the next poll will do.
document.addEventListener("pointerdown", () => { pressed = true; });
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { pressed = false; });

document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, target, xhr } = event.detail;
  if (pressed && requestConfig.verb === "get") {
    event.detail.shouldSwap = false;
    return;
  }
  if (/^\s*<!doctype/i.test(xhr.responseText)) { // a whole page: the sign-in, or one that says what is wrong
    event.detail.shouldSwap = false;
    if (event.detail.isError) sayServerFails();
    else location.reload();
    return;
  }
  document.getElementById("server-fails")?.remove();
  if (requestConfig.verb !== "get") document.getElementById("problem").replaceChildren();
  focused = target.contains(document.activeElement) ? pathTo(document.activeElement) : "";
  logs = [...document.querySelectorAll("[data-follows]")].map(placeIn);
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "problem") event.target.scrollIntoView({ block: "nearest" });
  if (focused && document.activeElement === document.body) document.querySelector(focused)?.focus();
  document.querySelectorAll("[data-follows]").forEach((log, at) => {
    log.scrollTop = logs[at] ?? log.scrollHeight;
  });
});

// A section that the address names may be fetched after the page, below others that are: it is gone to until
// somebody moves by themselves.
let goal = location.hash.slice(1);
for (const sign of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  document.addEventListener(sign, () => { goal = ""; }, { once: true, passive: true });
}
document.addEventListener("htmx:afterSettle", () => {
  const found = goal && document.getElementById(goal);
  if (!found) return;
  if (found.matches("details")) found.open = true;
  found.scrollIntoView();
});

// A link is known by its address, a button by that of its form: elements are made anew, addresses stay.
function pathTo(element) {
  const form = element.closest("form[action]");
  if (element.matches("a[href]")) return `a[href="${CSS.escape(element.getAttribute("href"))}"]`;
  return form ? `form[action="${CSS.escape(form.getAttribute("action"))}"] button` : "";
}

// Where somebody reads; undefined at the end of the log, which is followed.
function placeIn(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 30 ? undefined : log.scrollTop;
}

document.addEventListener("htmx:sendError", sayServerFails);

function sayServerFails() {
  const note = document.createElement("p");
  note.id = "server-fails";
  note.className = "note warn";
  note.textContent = "The server does not answer. This page tries again; what it shows may be out of date.";
  document.getElementById("problem").replaceChildren(note);
}

for (const log of document.querySelectorAll("[data-follows]")) log.scrollTop = log.scrollHeight;
document.querySelector(".invalid :is(input, select, textarea)")?.focus();  // what is refused is seen, and said
