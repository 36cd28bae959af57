// Countdowns: <time data-until="2026-12-12T00:00:00Z"> with <b data-part="d|h|m|s"> inside.
const parts = [["d", 86400], ["h", 3600], ["m", 60], ["s", 1]];

function tick(clock) {
  let left = Math.max(0, Math.floor((Date.parse(clock.dataset.until) - Date.now()) / 1000));
  const over = left === 0;
  for (const [name, size] of parts) {
    const place = clock.querySelector(`[data-part="${name}"]`);
    if (!place) continue;
    const text = String(Math.floor(left / size)).padStart(2, "0");
    if (place.textContent !== text) place.textContent = text;
    left %= size;
  }
  if (over && !clock.dataset.over) {
    clock.dataset.over = "yes";
    clock.dispatchEvent(new CustomEvent("over", { bubbles: true }));
  }
}

export function runClocks() {
  const all = () => document.querySelectorAll("[data-until]").forEach(tick);
  all();
  setInterval(all, 1000);
}
