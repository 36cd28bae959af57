// Ctrl-K, or a click on the field of the top bar, opens the palette; arrows choose, Enter goes.
const palette = document.getElementById("palette");
const field = palette?.querySelector("input");

function open(text = "") {
  if (palette.open) return;
  palette.showModal();
  field.value = text;
  field.focus();
  field.select();
  field.form.dispatchEvent(new Event("fill"));
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      open();
    }
  });
  document.querySelector("[data-palette] input")?.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    open(event.target.value);
  });
  palette.addEventListener("click", (event) => {
    if (event.target === palette) palette.close();
  });
  palette.addEventListener("keydown", (event) => {
    const links = [...palette.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (at > 0 ? links[at - 1] : field).focus();
    else if (event.key === "Enter" && document.activeElement === field && links.length) links[0].click();
    else return;
    event.preventDefault();
  });
}
