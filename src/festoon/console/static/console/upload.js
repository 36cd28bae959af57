// A file that is dropped or picked: its name, and of a text file its first rows, before it is sent.
const FIRST = 5;
const WIDEST = 8;
const place = (event) => event.target.closest?.("[data-upload]");

for (const kind of ["dragover", "drop", "dragleave"]) {
  document.addEventListener(kind, (event) => {
    const upload = place(event);
    if (!upload) return;
    event.preventDefault();
    upload.classList.toggle("over", kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    const input = upload.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

document.addEventListener("change", async (event) => {
  const upload = place(event);
  const file = event.target.files?.[0];
  if (!upload || !file) return;
  upload.querySelector("[data-upload-name]").textContent = `${file.name} · ${Math.ceil(file.size / 1024)} KB`;
  const shown = upload.querySelector("[data-upload-first]");
  shown.hidden = !/\.(csv|tsv|txt)$/i.test(file.name);
  if (!shown.hidden) shown.replaceChildren(table(await file.slice(0, 20000).text()));
});

function table(text) {
  const lines = text.split(/\r?\n/).filter(Boolean).slice(0, FIRST + 1);
  const split = /\t/.test(lines[0] ?? "") ? /\t/ : /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;
  const made = document.createElement("table");
  made.className = "table table-sm mb-0";
  for (const line of lines) {
    const row = made.insertRow();
    for (const value of line.split(split).slice(0, WIDEST)) row.insertCell().textContent = value.replace(/^"|"$/g, "");
  }
  return made;
}
