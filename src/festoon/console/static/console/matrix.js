// Arrow keys go from cell to cell of a matrix; Home and End to the ends of a row.
const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

document.addEventListener("keydown", (event) => {
  const matrix = event.target.closest?.("[data-matrix]");
  const cell = event.target.closest?.("td, th");
  if (!matrix || !cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const link = next(cell, event.key);
  if (!link) return;
  event.preventDefault();
  link.focus();
  link.closest("td, th").scrollIntoView({ block: "nearest", inline: "nearest" });
});

function next(cell, key) {
  const row = cell.parentElement;
  if (key === "Home") return [...row.cells].map(linked).find(Boolean);
  if (key === "End") return [...row.cells].reverse().map(linked).find(Boolean);
  const [down, right] = moves[key] ?? [0, 0];
  if (!down && !right) return null;
  const rows = [...row.closest("table").rows];
  let [y, x] = [rows.indexOf(row) + down, cell.cellIndex + right];
  while (rows[y]?.cells[x]) {
    const found = linked(rows[y].cells[x]);
    if (found) return found;
    [y, x] = [y + down, x + right];
  }
  return null;
}

const linked = (cell) => cell.querySelector("a");
