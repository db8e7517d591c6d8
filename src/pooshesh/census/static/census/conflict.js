// Two versions of a household: the worker's and the server's, chosen line by line.

import { alert, digits, h, say, words } from "./dom.js";
import * as households from "./households.js";
import { differences, faultsOf, merge } from "./rules.js";

const shown = (field, value) => {
  if (value === null || value === undefined || value === "") return say("nothing");
  if (field === "consent") return say(value ? "yes" : "no");
  const known = words.choices[field]?.find(([code]) => code === value);
  return known ? known[1] || say("nothing") : digits(value);
};
const named = (one) => (one ? `${one.first_name} ${one.last_name}`.trim() : say("not_there"));

export const conflictView = (record, leave) => {
  const { content: mine, server: theirs } = record;
  const told = h("div", {});
  const people = new Map([...theirs.members, ...mine.members].map((one) => [one.id, one]));
  const lines = differences(mine, theirs);
  const line = ({ path, field, member, whole, mine: one, theirs: other }) => {
    const radio = (value, title, text) => h("label", { class: "choice" },
      h("input", { type: "radio", name: path, value, checked: value === "mine" }),
      h("span", {}, h("small", {}, title), h("strong", {}, text)));
    const name = whole ? say("whole_member") : words.fields[field];
    return h("fieldset", { class: "line" },
      h("legend", {}, member ? `${named(people.get(member))} · ${name}` : name),
      radio("mine", say("mine"), whole ? named(one) : shown(field, one)),
      radio("theirs", say("theirs"), whole ? named(other) : shown(field, other)));
  };
  const keep = async (event) => {
    event.preventDefault();
    const chosen = new FormData(event.target);
    const taken = new Set(lines.map(({ path }) => path).filter((p) => chosen.get(p) === "theirs"));
    const content = merge(mine, theirs, taken);
    // Heads may be two or none after choosing: then it is finished on the form.
    const state = faultsOf(content).length ? "draft" : "ready";
    await households.save({ ...record, state, content, base: record.revision, server: null,
      entered_at: new Date().toISOString(), faults: [] });
    document.dispatchEvent(new Event("kept"));
    leave(state === "ready" ? say("saved") : say("kept_draft"));
  };
  return h("form", { onsubmit: keep }, alert("warn", say("conflict_text")), told,
    ...lines.map(line), h("button", { class: "primary wide", type: "submit" }, say("take_choice")));
};
