// A calendar for Jalali date inputs: <div class="date-input" data-jalali='{…words…}'><input>.
// The input works without it. Keyboard as in the WAI-ARIA grid: arrows move by day and week,
// Home/End to the ends of the week, PageUp/PageDown by month, with Shift by year, Esc closes.

const FIRST_YEAR = 1200;
const LAST_YEAR = 1500;

// The 33-year cycle, equal to the official table in 1200–1500 (a test compares every day).
export const isLeap = (year) => (25 * year + 11) % 33 < 8;
export const monthDays = (year, month) =>
  month <= 6 ? 31 : month < 12 || isLeap(year) ? 30 : 29;
const daysBefore = (year) => 365 * (year - 1) + Math.floor((8 * year + 21) / 33);
const ordinal = ({ year, month, day }) =>
  daysBefore(year) + 31 * (month - 1) - Math.max(0, month - 7) + day;

// 0 is Saturday. 1 Farvardin 1404 was a Friday.
const ANCHOR = ordinal({ year: 1404, month: 1, day: 1 });
export const weekday = (date) => (((ordinal(date) - ANCHOR + 6) % 7) + 7) % 7;

export const addDays = ({ year, month, day }, days) => {
  day += days;
  while (day < 1) {
    if (--month < 1) { month = 12; year -= 1; }
    day += monthDays(year, month);
  }
  while (day > monthDays(year, month)) {
    day -= monthDays(year, month);
    if (++month > 12) { month = 1; year += 1; }
  }
  return { year, month, day };
};

const addMonths = ({ year, month, day }, months) => {
  const index = year * 12 + (month - 1) + months;
  const to = { year: Math.floor(index / 12), month: (index % 12) + 1 };
  return { ...to, day: Math.min(day, monthDays(to.year, to.month)) };
};

const latin = (text) =>
  text.replace(/[۰-۹٠-٩]/g, (d) => String(d.charCodeAt(0) & 0xf));

const parse = (text) => {
  const found = /^\s*(\d{4})[/\-.](\d{1,2})[/\-.](\d{1,2})\s*$/.exec(latin(text));
  if (!found) return null;
  const [year, month, day] = found.slice(1).map(Number);
  const real = year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 &&
    day >= 1 && day <= monthDays(year, month);
  return real ? { year, month, day } : null;
};

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};

class Calendar {
  constructor(box) {
    this.words = JSON.parse(box.dataset.jalali);
    this.input = box.querySelector("input");
    this.box = box;
    this.button = element("button", {
      type: "button", class: "button small", "aria-haspopup": "dialog",
      "aria-label": this.words.choose, onclick: () => this.open(),
    }, "▦");
    box.append(this.button);
  }

  digits(number) {
    const text = String(number);
    return this.words.persian ? text.replace(/\d/g, (d) => "۰۱۲۳۴۵۶۷۸۹"[d]) : text;
  }

  today() {
    const [year, month, day] = this.words.today;
    return { year, month, day };
  }

  open() {
    this.chosen = parse(this.input.value);
    this.cursor = this.chosen ?? this.today();
    this.title = element("h2", { "aria-live": "polite", id: `${this.input.id}-month` });
    this.body = element("tbody");
    const step = (months, label, sign) => element("button", {
      type: "button", class: "button small", "aria-label": label,
      onclick: () => { this.move(addMonths(this.cursor, months)); this.draw(); },
    }, sign);
    this.dialog = element("dialog", { class: "calendar", "aria-label": this.words.choose },
      element("header", {},
        step(-12, this.words.previousYear, "«"), step(-1, this.words.previousMonth, "‹"),
        this.title,
        step(1, this.words.nextMonth, "›"), step(12, this.words.nextYear, "»")),
      element("table", { role: "grid", "aria-labelledby": this.title.id,
        onkeydown: (event) => this.key(event) },
        element("thead", {}, element("tr", {}, ...this.words.weekdays.map((name, i) =>
          element("th", { scope: "col", abbr: name }, this.words.weekdaysShort[i])))),
        this.body),
      element("div", { class: "actions" },
        element("button", { type: "button", class: "button small",
          onclick: () => this.choose(this.today()) }, this.words.todayLabel),
        element("button", { type: "button", class: "button small",
          onclick: () => this.dialog.close() }, this.words.close)));
    this.dialog.addEventListener("close", () => { this.dialog.remove(); this.button.focus(); });
    this.box.append(this.dialog);
    this.draw();
    this.dialog.showModal();
    this.focus();
  }

  draw() {
    const { year, month } = this.cursor;
    this.title.textContent = `${this.words.months[month - 1]} ${this.digits(year)}`;
    const cells = Array.from({ length: weekday({ year, month, day: 1 }) }, () => element("td"));
    for (let day = 1; day <= monthDays(year, month); day += 1) cells.push(this.cell(day));
    while (cells.length % 7) cells.push(element("td"));
    const rows = [];
    for (let i = 0; i < cells.length; i += 7) rows.push(element("tr", {}, ...cells.slice(i, i + 7)));
    this.body.replaceChildren(...rows);
  }

  cell(day) {
    const date = { ...this.cursor, day };
    const same = (other) => other && ordinal(other) === ordinal(date);
    const name = `${this.words.weekdays[weekday(date)]} ${this.digits(day)} ` +
      `${this.words.months[date.month - 1]} ${this.digits(date.year)}`;
    return element("td", { "aria-selected": same(this.chosen) ? "true" : "false" },
      element("button", {
        type: "button", "aria-label": name, tabindex: same(this.cursor) ? "0" : "-1",
        class: same(this.today()) ? "today" : null,
        "aria-current": same(this.today()) ? "date" : null,
        onclick: () => this.choose(date),
      }, this.digits(day)));
  }

  focus() { this.body.querySelector('[tabindex="0"]').focus(); }

  move(date) {
    if (date.year >= FIRST_YEAR && date.year <= LAST_YEAR) this.cursor = date;
  }

  key(event) {
    const forward = getComputedStyle(this.dialog).direction === "rtl" ? -1 : 1;
    const column = weekday(this.cursor);
    const moves = {
      ArrowRight: () => addDays(this.cursor, forward),
      ArrowLeft: () => addDays(this.cursor, -forward),
      ArrowDown: () => addDays(this.cursor, 7),
      ArrowUp: () => addDays(this.cursor, -7),
      Home: () => addDays(this.cursor, -column),
      End: () => addDays(this.cursor, 6 - column),
      PageUp: () => addMonths(this.cursor, event.shiftKey ? -12 : -1),
      PageDown: () => addMonths(this.cursor, event.shiftKey ? 12 : 1),
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.move(moves[event.key]());
    this.draw();
    this.focus();
  }

  choose({ year, month, day }) {
    const two = (number) => String(number).padStart(2, "0");
    this.input.value = this.digits(`${year}/${two(month)}/${two(day)}`);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.dialog.close();
  }
}

const enhance = (root) => {
  for (const box of root.querySelectorAll("[data-jalali]:not([data-ready])")) {
    box.dataset.ready = "";
    new Calendar(box);
  }
};
enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
