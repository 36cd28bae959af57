// Ticked rows: all of a page at once, how many there are, and the same after the rows were drawn anew.
const ticks = (list) => [...list.querySelectorAll("td.tick input[type=checkbox]")];

document.addEventListener("change", (event) => {
  const list = event.target.closest?.(".datatable");
  if (!list || !event.target.matches(".tick input")) return;
  if (event.target.matches("[data-ticks]")) {
    for (const tick of ticks(list)) tick.checked = event.target.checked;
  }
  count(list);
});

function count(list) {
  const all = ticks(list);
  const on = all.filter((tick) => tick.checked).length;
  const head = list.querySelector("[data-ticks]");
  if (head) {
    head.checked = on > 0 && on === all.length;
    head.indeterminate = on > 0 && on < all.length;
  }
  const place = list.querySelector("[data-ticked]");
  if (place) place.textContent = on ? `✓ ${on}` : "";
}

document.addEventListener("htmx:after:swap", () => document.querySelectorAll(".datatable").forEach(count));

// A file is no fragment: the button that asks for one posts its form as the browser does.
document.addEventListener("htmx:config:request", (event) => {
  const { form, submitter } = event.detail.ctx.request;
  if (submitter?.dataset.plain === undefined) return;
  event.preventDefault();
  const wish = Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value });
  form.append(wish);
  form.submit();
  wish.remove();
});
