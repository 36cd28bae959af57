// The button that opens the browser's own way to print.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
