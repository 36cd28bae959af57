// Clocks that run down; one that reaches its end and says so loads the page anew, so that its button appears.
import { runClocks } from "../console/clock.js";

document.addEventListener("over", (event) => {
  if (event.target.matches("[data-reload]")) setTimeout(() => location.reload(), 400);
});
runClocks();
