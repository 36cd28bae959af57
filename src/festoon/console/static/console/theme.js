// Runs before the page is painted: the theme somebody chose here, else the one of their system.
(() => {
  const chosen = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paint = (asked) => {
    const theme = asked ?? chosen() ?? (system.matches ? "dark" : "light");
    document.documentElement.dataset.bsTheme = theme;
    document.dispatchEvent(new CustomEvent("theme", { detail: theme }));
  };
  system.addEventListener("change", () => paint());
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme-switch]")) return;
    const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", next); } catch { /* a private window keeps nothing */ }
    paint(next);
  });
  paint();
})();
