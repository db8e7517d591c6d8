// A household on one screen. Every change is kept as unfinished within a moment; saving queues it.

import { alert, digits, h, labelled, say, select, words } from "./dom.js";
import * as households from "./households.js";
import { faultsOf, joinBirth, latin, newMember, readBirth, remarkOf, settled } from "./rules.js";

const SOON = 600; // milliseconds after the last key

export class HouseholdForm {
  // `record` as households.one gives it; `leave(saved)` is called when the worker is done.
  constructor(record, leave) {
    this.record = record;
    this.content = structuredClone(record.content);
    this.leave = leave;
    this.boxes = new Map(); // field → {remark}
    this.timer = 0;
    this.writing = Promise.resolve();
    this.view = h("form", { novalidate: true, onsubmit: (event) => this.submit(event) });
    this.draw();
    for (const { field, sentence } of record.faults ?? []) this.blame(field, sentence);
  }

  // --- keeping -----------------------------------------------------------------------

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SOON);
    this.dirty = true;
  }

  // One writing after another; what is on the phone already is not written again.
  flush() {
    clearTimeout(this.timer);
    if (!this.dirty) return this.writing;
    return this.keep("draft");
  }

  keep(state) {
    this.dirty = false;
    const content = structuredClone(this.content);
    this.writing = this.writing.then(async () => {
      let saved = null;
      while (!saved) {
        saved = await households.save({ ...this.record, state, content,
          entered_at: new Date().toISOString(), faults: [] });
        if (!saved) {
          // The server acknowledged an older version meanwhile: this one stands on top of that.
          const now = await households.one(this.record.id);
          this.record = { ...this.record, seq: now?.seq ?? 0, base: now?.base ?? 0 };
        }
      }
      this.record = saved;
      document.dispatchEvent(new Event("kept"));
    });
    return this.writing;
  }

  async submit(event) {
    event.preventDefault();
    for (const box of this.boxes.values()) box.remark("");
    this.remarks();
    const faults = faultsOf(this.content);
    if (!faults.length) {
      clearTimeout(this.timer);
      const bare = settled(this.content);
      if (bare !== this.content) {
        this.content = bare;
        await households.dropPhotos(this.record.id);
      }
      await this.keep("ready");
      this.leave(say("saved"));
      return;
    }
    for (const { field, say: key } of faults) this.blame(field, say(key));
    await this.keep("draft");
    this.told.replaceChildren(alert("bad", say("faults", { n: faults.length })));
    this.view.querySelector("[aria-invalid]")?.focus();
  }

  blame(field, sentence) {
    const box = this.boxes.get(field);
    if (box) box.remark(sentence, true);
    else this.told.append(alert("bad", sentence));
  }

  // --- drawing -----------------------------------------------------------------------

  draw() {
    this.told = h("div", {});
    this.members = h("div", {});
    this.photos = h("p", { class: "note" });
    const { content } = this;
    this.view.replaceChildren(
      this.told,
      this.choice(content, "outcome", "outcome", () => this.fold()),
      this.text(content, "address", "address"),
      this.text(content, "postal_code", "postal_code", { inputmode: "numeric" }),
      this.met = h("div", {}, h("h2", {}, say("members")), this.members,
        h("button", { type: "button", class: "wide", onclick: () => this.add() },
          `+ ${say("add_member")}`),
        this.choice(content, "decile", "decile"),
        this.camera(),
        this.consent()),
      this.long(content, "notes", "notes"),
      h("button", { class: "primary wide", type: "submit" }, say("save")));
    this.drawMembers();
    this.fold();
    this.remarks();
    this.countPhotos();
  }

  fold() { this.met.hidden = this.content.outcome !== "met"; }

  drawMembers() {
    for (const field of [...this.boxes.keys()]) {
      if (field.startsWith("members.")) this.boxes.delete(field);
    }
    this.members.replaceChildren(...this.content.members.map((one, n) => this.member(one, n)));
    this.boxes.set("members", { remark: (text, bad) => bad && this.told.append(alert("bad", text)) });
  }

  member(one, place) {
    const at = `members.${one.id}.`;
    const number = this.text(one, "number", `${at}number`, { inputmode: "numeric", dir: "ltr" });
    const fit = () => {
      number.hidden = one.document === "none";
      const isCode = one.document === "national_id" || one.document === "foreign_code";
      number.querySelector("input").inputMode = isCode ? "numeric" : "text";
      this.remark(`${at}number`, one, "number");
    };
    const title = h("legend", {}, say("member", { n: place + 1 }));
    const box = h("fieldset", { class: "member" }, title,
      this.choice(one, "relation", `${at}relation`),
      h("div", { class: "two" },
        this.text(one, "first_name", `${at}first_name`, { autocomplete: "off" }),
        this.text(one, "last_name", `${at}last_name`, { autocomplete: "off" })),
      h("div", { class: "two" },
        this.text(one, "father_name", `${at}father_name`, { autocomplete: "off" }),
        this.choice(one, "sex", `${at}sex`)),
      this.birth(one, `${at}birth`),
      this.choice(one, "nation", `${at}nation`),
      this.choice(one, "document", `${at}document`, fit), number,
      this.text(one, "mobile", `${at}mobile`, { inputmode: "tel", dir: "ltr" }),
      place ? this.remover(one) : null);
    fit();
    return box;
  }

  remover(one) {
    const button = h("button", { type: "button", class: "danger" }, say("remove_member"));
    let sure = false;
    button.addEventListener("click", () => {
      if (!sure) { sure = true; button.textContent = say("remove_sure"); return; }
      this.content.members = this.content.members.filter(({ id }) => id !== one.id);
      this.changed();
      this.drawMembers();
    });
    return button;
  }

  add() {
    const one = newMember("child");
    const last = this.content.members.at(-1);
    if (last) Object.assign(one, { last_name: last.last_name, nation: last.nation });
    this.content.members.push(one);
    this.changed();
    this.drawMembers();
    this.members.lastElementChild.querySelector("select").focus();
  }

  bound(owner, name, field, box, help = "") {
    const made = labelled(words.fields[name], box, help);
    this.boxes.set(field, made);
    box.addEventListener("input", () => {
      owner[name] = box.value;
      made.remark("");
      this.remark(field, owner, name);
      this.changed();
    });
    return made;
  }

  text(owner, name, field, attributes = {}) {
    const box = h("input", { type: "text", maxlength: "120", autocomplete: "off", value: owner[name],
      ...attributes });
    return this.bound(owner, name, field, box).field;
  }

  long(owner, name, field) {
    const box = h("textarea", { rows: "3", maxlength: "1000" }, owner[name]);
    return this.bound(owner, name, field, box).field;
  }

  choice(owner, name, field, also = () => {}) {
    const box = select(words.choices[name], owner[name]);
    const made = this.bound(owner, name, field, box);
    box.addEventListener("input", also);
    return made.field;
  }

  birth(one, field) {
    const [year, month, day] = readBirth(one.birth) ?? one.birth.split("/");
    const part = (title, box) => {
      box.setAttribute("aria-label", title);
      return box;
    };
    const boxes = [
      part(say("year"), h("input", { type: "text", inputmode: "numeric", maxlength: "4",
        placeholder: say("year"), value: year ? digits(year) : "" })),
      part(say("month"), select([["", say("month")],
        ...words.months.map((name, n) => [String(n + 1), name])], month ? String(Number(month)) : "")),
      part(say("day"), h("input", { type: "text", inputmode: "numeric", maxlength: "2",
        placeholder: say("day"), value: day ? digits(Number(day)) : "" })),
    ];
    const note = h("p", { class: "note" }, say("birth_help"));
    const remark = (text, bad) => {
      note.textContent = text || say("birth_help");
      note.className = text ? (bad ? "note bad" : "note warn") : "note";
      boxes[0].toggleAttribute("aria-invalid", Boolean(bad));
    };
    this.boxes.set(field, { remark });
    for (const box of boxes) {
      box.addEventListener("input", () => {
        one.birth = joinBirth(...boxes.map((each) => each.value));
        remark("");
        this.changed();
      });
      box.addEventListener("change", () => {
        if (one.birth && !readBirth(one.birth)) remark(say("fault_birth"), true);
      });
    }
    return h("fieldset", { class: "birth" }, h("legend", {}, words.fields.birth),
      h("div", { class: "three" }, ...boxes), note);
  }

  consent() {
    const box = h("input", { type: "checkbox", checked: this.content.consent });
    const made = labelled(say("consent"), box);
    made.field.classList.add("tick");
    this.boxes.set("consent", made);
    box.addEventListener("input", () => {
      this.content.consent = box.checked;
      made.remark("");
      this.changed();
    });
    return made.field;
  }

  camera() {
    const box = h("input", { type: "file", accept: "image/*", capture: "environment" });
    const made = labelled(say("take_photo"), box, say("photo_consent"));
    made.field.classList.add("camera");
    box.addEventListener("change", async () => {
      const [file] = box.files;
      if (!file) return;
      try {
        this.dirty = true;
        await this.flush();
        await households.addPhoto(this.record.id, file);
        made.remark("");
      } catch {
        made.remark(say("photo_failed"), true);
      }
      box.value = "";
      this.countPhotos();
    });
    return h("div", {}, made.field, this.photos);
  }

  async countPhotos() {
    const found = await households.photos(this.record.id);
    this.photos.textContent = found.length ? say("photo_kept", { n: found.length }) : "";
  }

  // --- remarks that stop nothing --------------------------------------------------------

  remark(field, owner, name) {
    const key = remarkOf(name, latin(owner[name]), owner.document);
    const box = this.boxes.get(field);
    if (box && (key || name === "number")) box.remark(key ? say(key) : "");
  }

  remarks() {
    this.remark("postal_code", this.content, "postal_code");
    for (const one of this.content.members) {
      for (const name of ["number", "mobile"]) this.remark(`members.${one.id}.${name}`, one, name);
    }
  }
}
