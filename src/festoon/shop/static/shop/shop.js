// Clocks that run down; one that reaches its end and says so loads the page anew, so that its button appears.
import { runClocks } from "../console/clock.js";

document.addEventListener("over", (event) => {
  if (event.target.matches("[data-reload]")) setTimeout(() => location.reload(), 400);
});
runClocks();

// Somebody came by the code on a poster: told once for each tab and poster, however often the page is loaded again.
const seen = document.querySelector("form[data-seen]");
if (seen) {
  const poster = `seen:${location.pathname}${location.search}`;
  if (!sessionStorage.getItem(poster)) {
    sessionStorage.setItem(poster, "1");
    fetch(seen.action, { method: "POST", body: new FormData(seen), keepalive: true });
  }
}
