// Elements, words and numbers of the screen.

export const words = JSON.parse(document.getElementById("words").textContent);

export const digits = (text) =>
  words.persian ? String(text).replace(/\d/g, (d) => "۰۱۲۳۴۵۶۷۸۹"[d]) : String(text);

export const say = (key, values = {}) =>
  words.say[key].replace(/%\((\w+)\)s/g, (_all, name) =>
    typeof values[name] === "number" ? digits(values[name]) : values[name] ?? "");

// h("button", {class: "primary", onclick: act}, "text", child…)
export const h = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
};

let made = 0;
const newId = () => `f${(made += 1)}`;

// A labelled box with room for a remark under it: {field, box, remark(text, bad)}.
export const labelled = (title, box, help = "") => {
  const id = newId();
  const note = h("p", { id: `${id}-note`, class: "note" }, help);
  box.id = id;
  box.setAttribute("aria-describedby", note.id);
  const field = h("div", { class: "field" }, h("label", { for: id }, title), box, note);
  const remark = (text, bad = false) => {
    note.textContent = text || help;
    note.className = text ? (bad ? "note bad" : "note warn") : "note";
    if (bad) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  };
  return { field, box, remark };
};

export const select = (choices, value) => h("select", {},
  choices.map(([code, title]) => h("option", { value: code, selected: code === value }, title)));

export const alert = (tone, ...content) =>
  h("div", { class: `alert ${tone}`, role: tone === "bad" ? "alert" : "status" }, ...content);
