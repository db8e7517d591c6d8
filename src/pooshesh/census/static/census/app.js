// The census on a phone: screens by address (#/…), lock, sending. Nothing here needs the network
// but the first set-up and sending.

import { alert, h, labelled, say, words } from "./dom.js";
import { conflictView } from "./conflict.js";
import { HouseholdForm } from "./form.js";
import * as households from "./households.js";
import { newContent } from "./rules.js";
import { heldAlleys, Refused, register, sync, whoAmI } from "./sync.js";
import * as vault from "./vault.js";

const IDLE = 5 * 60_000;
const { places } = words;
const app = document.getElementById("app");
const LEAST = 6; // characters of a PIN

let form = null; // the household on the screen
let message = null; // told once, on the next screen
let persistent = null;
let kept = false; // the app is on the phone
let touched = Date.now();

// --- screens ---------------------------------------------------------------------------

const show = (title, ...content) => {
  const heading = h("h2", { tabindex: "-1", class: "screen" }, title);
  app.replaceChildren(heading, ...(message ? [message] : []), ...content.filter(Boolean));
  message = null;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
};

const go = (hash, told = null) => {
  message = told;
  if (location.hash === hash) route();
  else location.hash = hash;
};

const back = (hash) => h("a", { class: "back", href: hash }, `→ ${say("back")}`);

const route = async () => {
  await form?.flush();
  form = null;
  await count();
  if (!(globalThis.crypto?.subtle && globalThis.indexedDB)) {
    show(say("title"), alert("bad", say("no_crypto")));
    return;
  }
  if (!(await vault.meta("lock"))) { await setUp(); return; }
  if (!vault.isOpen()) { await lockScreen(); return; }
  const [, screen, id] = location.hash.split("/");
  if (screen === "alley") await alleyScreen(id);
  else if (screen === "new") await newScreen(id);
  else if (screen === "household") await householdScreen(id);
  else await homeScreen();
};

const count = async () => {
  const n = globalThis.indexedDB ? await households.unsent() : 0;
  const box = document.getElementById("unsent");
  box.textContent = n ? say("unsent", { n }) : say("all_sent");
  box.dataset.count = n;
  const network = document.getElementById("network");
  network.textContent = say(navigator.onLine ? "online" : "offline");
  network.className = navigator.onLine ? "on" : "off";
};

// --- setting up and opening ------------------------------------------------------------------

const pinBox = (title) => labelled(title, h("input", {
  type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "40", required: true,
}));

const setUp = async () => {
  let state;
  try {
    state = await whoAmI(places);
  } catch (error) {
    show(say("setup"), alert("warn", say(error.say === "sign_in" ? "sign_in" : "need_network")),
      h("a", { class: "button", href: places.signin }, say("sign_in_link")));
    return;
  }
  const name = labelled(say("phone_name"), h("input", { type: "text", maxlength: "80" }));
  const [first, second] = [pinBox(say("pin")), pinBox(say("pin_again"))];
  const start = async (event) => {
    event.preventDefault();
    const pin = first.box.value;
    first.remark(""); second.remark("");
    if (pin.length < LEAST) { first.remark(say("pin_short", { n: pin.length }), true); return; }
    if (isPlain(pin)) { first.remark(say("pin_plain"), true); return; }
    if (pin !== second.box.value) { second.remark(say("pin_differs"), true); return; }
    const made = await register(places, name.box.value, state.csrf).catch(() => null);
    if (!made) { first.remark(say("send_failed"), true); return; }
    await vault.setUp(pin, made.secret, { id: made.id, user: state.user.id, name: state.user.name });
    await ask();
    await send();
  };
  show(say("setup"),
    h("p", {}, say("setup_for", { name: state.user.name })),
    alert("warn", say("setup_text")),
    h("form", { onsubmit: start }, first.field, second.field, name.field,
      h("button", { class: "primary wide", type: "submit" }, say("setup"))));
};

// All the same, or counting up or down.
const isPlain = (pin) => {
  const steps = new Set([...pin].slice(1).map((char, n) => char.charCodeAt(0) - pin.charCodeAt(n)));
  return steps.size === 1 && [0, 1, -1].includes([...steps][0]);
};

const lockScreen = async () => {
  const device = await vault.meta("device");
  const pin = pinBox(say("pin"));
  const tell = ({ left, wait }) =>
    pin.remark(wait ? say("pin_wait", { n: wait }) : say("pin_wrong", { n: left }), true);
  const enter = async (event) => {
    event.preventDefault();
    const result = await vault.unlock(pin.box.value);
    pin.box.value = "";
    if (result.open) { touched = Date.now(); await ask(); await route(); } else tell(result);
  };
  show(say("locked"), h("p", {}, device.name),
    h("form", { onsubmit: enter }, pin.field,
      h("button", { class: "primary wide", type: "submit" }, say("open"))),
    await lostPin());
  pin.box.focus();
};

const lostPin = async () => {
  const n = await households.unsent();
  const word = say("lost_word");
  const typed = labelled(say("lost_pin_text", { n, word }), h("input", { type: "text" }));
  const anew = async (event) => {
    event.preventDefault();
    if (typed.box.value.trim() !== word) { typed.box.focus(); return; }
    await vault.erase();
    go("#/");
  };
  return h("details", {}, h("summary", {}, say("lost_pin")),
    h("form", { onsubmit: anew }, typed.field,
      h("button", { class: "danger", type: "submit" }, say("begin_anew"))));
};

const lock = async () => {
  await form?.flush();
  form = null;
  vault.lock();
  await route();
};

// --- the list ------------------------------------------------------------------------------------

const homeScreen = async () => {
  const [alleys, rows] = [await heldAlleys(), await households.all()];
  const zones = Map.groupBy ? Map.groupBy(alleys, ({ zone }) => zone) : grouped(alleys);
  const held = new Set(alleys.map(({ id }) => id));
  const elsewhere = rows.filter((row) => !held.has(row.alley));
  const done = (alley) => rows.filter((row) => row.alley === alley && row.state !== "draft").length;
  const line = ({ id, name, expected }) => h("li", {}, h("a", { href: `#/alley/${id}` },
    h("span", {}, name),
    h("span", { class: "soft" }, say("done_of", { part: done(id), whole: expected }))));
  const photos = await households.photos();
  show(say("alleys"),
    ...storage(),
    photos.length ? h("p", { class: "soft" }, say("photo_kept", { n: photos.length })) : null,
    h("div", { class: "actions" },
      h("button", { class: "primary", type: "button", onclick: send }, say("send")),
      h("button", { type: "button", onclick: lock }, say("lock"))),
    ...[...zones].map(([zone, list]) => h("section", {}, h("h3", {}, zone),
      h("ul", { class: "list" }, ...list.map(line)))),
    alleys.length ? null : alert("info", say("no_alleys")),
    elsewhere.length ? h("section", {}, h("h3", {}, say("households")), list(elsewhere)) : null);
};

const grouped = (alleys) => {
  const zones = new Map();
  for (const one of alleys) zones.set(one.zone, [...(zones.get(one.zone) ?? []), one]);
  return zones;
};

const storage = () => [
  persistent === false ? alert("warn", say("not_persistent")) : null,
  persistent ? h("p", { class: "soft" }, say("persistent")) : null,
  h("p", { class: "soft", id: "kept" }, say(kept ? "ready_offline" : "no_worker")),
];

const headOf = ({ members }) => members.find((one) => one.relation === "head") ?? members[0];

const list = (rows) => h("ul", { class: "list" }, ...rows.map((row) => {
  const head = headOf(row.content);
  const name = head ? `${head.first_name} ${head.last_name}`.trim() : "";
  return h("li", {}, h("a", { href: `#/household/${row.id}` },
    h("span", {}, name || row.content.address || say("no_head"),
      h("small", { class: "soft" }, ` ${say("persons", { n: row.content.members.length })}`)),
    h("span", { class: `badge ${row.state}` }, say(`state_${row.state}`))));
}));

const alleyScreen = async (id) => {
  const alley = (await heldAlleys()).find((one) => one.id === id);
  const rows = (await households.all()).filter((row) => row.alley === id);
  show(alley?.name ?? say("households"), back("#/"),
    alley ? h("a", { class: "button primary wide", href: `#/new/${id}` },
      `+ ${say("new_household")}`) : null,
    rows.length ? list(rows) : alert("info", say("no_households")));
};

const newScreen = async (alley) => {
  const record = { id: crypto.randomUUID(), alley, state: "draft", base: 0, content: newContent() };
  edit(record, say("new_household"));
};

const householdScreen = async (id) => {
  const record = await households.one(id);
  if (!record) { go("#/"); return; }
  if (record.state === "conflict") {
    show(say("conflict"), back(`#/alley/${record.alley}`),
      conflictView(record, (told) => go(`#/alley/${record.alley}`, alert("good", told))));
    return;
  }
  if (record.state === "aside") {
    const gone = async () => { await households.drop(id); go("#/"); };
    show(say("state_aside"), back("#/"), alert("info", record.sentence), list([record]),
      h("button", { type: "button", onclick: gone }, say("drop_aside")));
    return;
  }
  edit(record, say("household"));
};

const edit = (record, title) => {
  const here = `#/alley/${record.alley}`;
  const mine = new HouseholdForm(record, (told) => {
    if (form !== mine) return; // the worker went elsewhere while it was being saved
    form = null;
    go(here, alert("good", told));
  });
  form = mine;
  show(title, back(here), mine.view);
};

// --- sending ---------------------------------------------------------------------------------

const send = async () => {
  show(say("sending"), h("p", { class: "busy" }, say("sending")));
  try {
    const taken = await sync(places);
    go("#/", taken === null ? null : alert("good", say("sent_ok", { n: taken })));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const device = await vault.meta("device");
    const link = error.say === "sign_in" || error.say === "other_user"
      ? h("a", { href: places.signin }, say("sign_in_link")) : null;
    go("#/", alert("bad", error.sentence || say(error.say, { name: device.name }), " ", link));
  }
};

// --- the phone ---------------------------------------------------------------------------------

// Asked when something is about to be kept; browsers answer by how the app is used.
const ask = async () => {
  persistent = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.())
    || false;
};

const stay = async () => {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(places.worker, { scope: places.home });
    await navigator.serviceWorker.ready;
    kept = true;
    const box = document.getElementById("kept");
    if (box) box.textContent = say("ready_offline");
  } catch {
    kept = Boolean(navigator.serviceWorker.controller);
  }
};

for (const event of ["pointerdown", "keydown"]) {
  addEventListener(event, () => { touched = Date.now(); }, { passive: true });
}
const lockWhenIdle = () => {
  if (vault.isOpen() && Date.now() - touched > IDLE) lock();
};
setInterval(lockWhenIdle, 15_000);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) form?.flush();
  else lockWhenIdle();
});
addEventListener("hashchange", route);
addEventListener("online", count);
addEventListener("offline", count);
document.addEventListener("kept", count);
if (navigator.serviceWorker?.controller) kept = true;
document.title = say("title");
stay();
await route();
