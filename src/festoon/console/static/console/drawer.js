// The drawer: a link with data-drawer opens beside the page it stands on; the same address is a page of its own.
const box = document.getElementById("drawer-box");
const place = document.getElementById("drawer");

if (box) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drawer]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    htmx.ajax("GET", link.href, { target: "#drawer", swap: "innerHTML" });
  });
  // A form in the drawer that is posted plainly leads on; one that asks for more stays in it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("form[data-drawer]") || form.method !== "get") return;
    event.preventDefault();
    const asked = new URLSearchParams(new FormData(form, event.submitter));
    htmx.ajax("GET", `${form.action.split("?")[0]}?${asked}`, { target: "#drawer", swap: "innerHTML" });
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const target = typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target;
    if (target !== place || !place.childElementCount) return;
    const page = document.getElementById("drawer-page");
    page.href = ctx.request.action;
    box.setAttribute("aria-label", place.querySelector("[data-title]")?.dataset.title || "");
    if (!box.open) box.showModal();
    place.scrollTop = 0;
    place.focus();
  });
  // A click beside it closes it, as Escape does; the browser gives the focus back to the link.
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
  box.addEventListener("close", () => place.replaceChildren());
}
