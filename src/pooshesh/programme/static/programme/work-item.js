// Keyboard of a worklist item: Alt+Enter keeps the answer, Alt+S skips, Alt+1…9 chooses.
const answer = document.getElementById("answer");
const skip = document.getElementById("skip");

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.code === "Enter" || event.code === "NumpadEnter") {
    event.preventDefault();
    answer.requestSubmit();
  } else if (event.code === "KeyS") {
    event.preventDefault();
    skip.requestSubmit();
  } else if (event.code.startsWith("Digit")) {
    // By the key's place, so that the Persian layout works as well.
    const choice = answer.querySelectorAll("input[type=radio]")[Number(event.code.slice(5)) - 1];
    if (choice) {
      event.preventDefault();
      choice.checked = true;
      choice.focus();
    }
  }
});

// The first thing to fill in, so that no mouse is needed.
// A pair is judged with single keys, which a field to write in would take.
if (!("pair" in answer.dataset)) {
  answer.querySelector("input:not([type=hidden]), select, textarea")?.focus({ preventScroll: true });
}

// A second press while the first is on its way sends nothing.
for (const form of [answer, skip]) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
