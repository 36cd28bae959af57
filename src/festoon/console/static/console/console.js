// What plain HTML cannot do: dialogs that open, menus that close, steppers that count, clocks that run.
import { runClocks } from "./clock.js";
import "./drawer.js";
import "./lists.js";
import "./matrix.js";
import "./palette.js";
import "./upload.js";

// A browser that knows `command` opens and closes dialogs by itself.
const commands = "commandForElement" in HTMLButtonElement.prototype;

document.addEventListener("click", (event) => {
  const target = event.target;
  const opener = target.closest("[data-opens]");
  if (opener && !(commands && opener.hasAttribute("command"))) document.getElementById(opener.dataset.opens)?.showModal();
  const closer = target.closest("[data-closes]");
  if (closer && !(commands && closer.hasAttribute("command"))) document.getElementById(closer.dataset.closes)?.close();
  const inserter = target.closest("[data-inserts]");
  if (inserter) insert(inserter);
  for (const menu of document.querySelectorAll("details.row-menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  const step = target.closest("[data-step]");
  if (step) count(step);
  const copier = target.closest("[data-copies]");
  if (copier) navigator.clipboard?.writeText(copier.dataset.copies);
});

// A link to a question (`#copy`) opens it.
const asked = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
if (asked instanceof HTMLDialogElement) asked.showModal();

// A phone begins with the parts of a long page folded, but for what the address names and what is marked as wrong.
if (matchMedia("(max-width: 767.98px)").matches) {
  for (const part of document.querySelectorAll("details[data-folds]")) part.open = part.matches(":target, :has(.wrong-here, :target)");
}

// Of tabs that do not fit the chosen one is in sight.
for (const chosen of document.querySelectorAll(".tabs [aria-current]")) {
  const tabs = chosen.closest(".tabs");
  tabs.scrollLeft = chosen.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - chosen.offsetWidth) / 2;
}

function insert(button) {
  const box = document.getElementById(button.dataset.into);
  box.setRangeText(button.dataset.inserts, box.selectionStart, box.selectionEnd, "end");
  box.focus();
}

function count(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const least = Number(input.min || 0);
  const most = Number(input.max || 99);
  input.value = Math.min(most, Math.max(least, Number(input.value || 0) + Number(button.dataset.step)));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.row-menu[open]")) menu.open = false;
});

// An address says what was chosen, not what was left empty.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (!ctx.sourceElement.matches?.("[data-lean]")) return;
  for (const [name, value] of [...ctx.request.body]) {
    if (value === "" || value === "0") ctx.request.body.delete(name);
  }
});

// What is wrong with a form is read first.
document.querySelector("[data-focus]")?.focus();

runClocks();
