// One key for each button that has a data-key, by the key's place, so that every layout works.
// Single keys can be switched off; they do nothing while something is typed.
const KEPT = "pooshesh.pair-keys";
const keys = document.getElementById("single-keys");
const off = () => keys && !keys.checked;

try {
  if (keys) keys.checked = localStorage.getItem(KEPT) !== "off";
} catch { /* storage is forbidden: they are on */ }
keys?.addEventListener("change", () => {
  try { localStorage.setItem(KEPT, keys.checked ? "on" : "off"); } catch { /* not remembered */ }
});

const typing = (at) => at.closest("textarea, select, input:not([type=checkbox], [type=radio])");

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  if (off() || typing(event.target)) return;
  const digit = event.code.replace("Numpad", "Digit");
  const button = document.querySelector(`[data-key="${CSS.escape(digit)}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});

// A second press while the first is on its way sends nothing.
let sent = false;
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-once]")) return;
  if (sent) event.preventDefault();
  sent = true;
});
// Back in the browser's history shows the page as it was left.
window.addEventListener("pageshow", () => { sent = false; });
