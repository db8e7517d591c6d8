// What the server finds for a typed text, to choose from: <div class="choice-search"
// data-source="/…"><input role="combobox"><ul role="listbox" hidden>. The input works without it.
// Keyboard as in the WAI-ARIA combobox: arrows open and move, Enter chooses, Esc closes.

const DELAY = 200; // ms of rest before the server is asked

class Search {
  constructor(box) {
    this.source = box.dataset.source;
    this.input = box.querySelector("input");
    this.list = box.querySelector("ul");
    this.asked = 0;
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), DELAY);
    });
    this.input.addEventListener("click", () => this.ask());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    // The text box keeps the focus.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  async ask() {
    const mine = ++this.asked;
    const joint = this.source.includes("?") ? "&" : "?";
    const answer = await fetch(`${this.source}${joint}q=${encodeURIComponent(this.input.value)}`);
    // A later question goes first; a redirect leads to the sign-in page.
    if (mine !== this.asked || !answer.ok || answer.redirected) return;
    this.list.innerHTML = await answer.text();
    this.options.forEach((option, place) => { option.id = `${this.list.id}_${place}`; });
    if (document.activeElement === this.input) this.show(true);
  }

  show(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.mark(null);
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.show(false);
  }

  mark(option) {
    for (const one of this.options) one.setAttribute("aria-selected", String(one === option));
    this.marked = option;
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void this.ask();
      const all = this.options;
      if (!all.length) return;
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = this.marked ? all.indexOf(this.marked) : step > 0 ? -1 : 0;
      this.mark(all[(from + step + all.length) % all.length]);
    } else if (event.key === "Enter" && open && this.marked) {
      event.preventDefault();
      this.choose(this.marked);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    }
  }

  choose(option) {
    this.input.value = option.dataset.value;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const enhance = (root) => {
  for (const box of root.querySelectorAll(".choice-search:not([data-ready])")) {
    box.dataset.ready = "";
    new Search(box);
  }
};
enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
