// The form of an offer: what is shown is never older than what a hand has done since it was asked for.
//
// A look (`#live`) that was outrun by a key or a button is dropped; while a button is answered no look is asked, a
// further button waits for the answer, and what is typed meanwhile stays typed.
const FORM = "#offer-form";
const CHECKED = ["checkbox", "radio"];
const KEPT = ["search", "file", "hidden"];

let moved = 0; // rises with whatever changes the form
let asked = -1; // what the last look was asked about
let pressed = null; // the button that is being answered
const waiting = []; // buttons that were pressed meanwhile, by their values
const typed = new Map(); // what was typed meanwhile, by control

const form = () => document.querySelector(FORM);
const isLook = (ctx) => ctx.sourceElement?.id === "live";
const isButton = (ctx) => ctx.sourceElement?.matches?.(`${FORM} button`);
const isOld = (ctx) => pressed !== null || ctx.moved !== moved;

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target, isTrusted }) => {
    if (!target.closest?.(FORM) || (kind === "change" && isTrusted)) return;
    moved += 1;
    if (pressed && target.name) typed.set(nameOf(target), CHECKED.includes(target.type) ? target.checked : target.value);
  }, true);
}

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (isLook(ctx)) {
    if (pressed || moved === asked) return event.preventDefault();
    asked = ctx.moved = moved;
  } else if (isButton(ctx)) {
    const wish = ctx.sourceElement.value;
    if (pressed) {
      event.preventDefault();
      if (!wish.startsWith("less:")) waiting.push(wish); // by then that row may be another one
      return;
    }
    pressed = ctx;
    typed.clear();
  }
});

for (const name of ["htmx:before:request", "htmx:before:response", "htmx:before:swap"]) {
  document.addEventListener(name, (event) => {
    if (isLook(event.detail.ctx) && isOld(event.detail.ctx)) event.preventDefault();
  });
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx === pressed) for (const control of form()?.elements ?? []) renew(control);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx !== pressed) return;
  pressed = null;
  moved += 1;
  const again = typed.size > 0 || ctx.status !== "swapped";
  if (!again) asked = moved; // the answer has just said all
  const next = waiting.shift();
  if (next) form()?.querySelector(`button[name=do][value="${CSS.escape(next)}"]`)?.click();
  else if (again) form()?.dispatchEvent(new Event("change", { bubbles: true }));
});

// A control is as the answer says, whatever stood in the one whose place it took; but what was typed since counts.
function renew(control) {
  if (!control.name || control.tagName === "BUTTON" || KEPT.includes(control.type)) return;
  const since = typed.get(nameOf(control));
  if (CHECKED.includes(control.type)) control.checked = since ?? control.defaultChecked;
  else if (control.type === "select-one") choose(control, since);
  else if (control.value !== (since ?? control.defaultValue)) control.value = since ?? control.defaultValue;
}

function choose(select, since) {
  const options = [...select.options];
  const wanted = since === undefined ? options.find((each) => each.defaultSelected) : options.find((each) => each.value === since);
  select.selectedIndex = Math.max(0, options.indexOf(wanted));
}

function nameOf(control) {
  return CHECKED.includes(control.type) ? `${control.name}=${control.value}` : control.name;
}

// What somebody folded or unfolded stays so.
htmx.config.morphIgnore.push("open");
