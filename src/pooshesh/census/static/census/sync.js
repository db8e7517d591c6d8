// Sending and fetching. Everything may break off at any point and be done again: households carry
// ids made here, and nothing is let go before the server said that it has it.

import * as households from "./households.js";
import * as vault from "./vault.js";

const BATCH = 10;

export class Refused extends Error {
  constructor(say, sentence = "") { super(say); this.say = say; this.sentence = sentence; }
}

const asked = async (address, options = {}) => {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", redirect: "manual", ...options });
  } catch {
    throw new Refused("send_failed");
  }
  // The sign-in page answers for everybody who is not signed in; 403 is a token of an old session.
  if (answer.type === "opaqueredirect" || answer.status === 403) throw new Refused("sign_in");
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  if (answer.ok && isJson) return answer.json();
  if (answer.status === 400 && isJson) {
    throw new Refused("send_failed", (await answer.json()).sentence);
  }
  throw new Refused("send_failed");
};

const at = (address, id) => address.replace(/0{8}-0{4}-0{4}-0{4}-0{12}/, id);
const sending = (method, body, csrf, type) =>
  ({ method, body, headers: { "X-CSRFToken": csrf, "Content-Type": type } });
const json = (body, csrf) => sending("POST", JSON.stringify(body), csrf, "application/json");

export const whoAmI = (places, device = "") => asked(`${places.state}?device=${device}`);

export const register = async (places, name, csrf) =>
  asked(places.devices, json({ name }, csrf));

// One at a time, in however many tabs; null when another one is at it.
export const sync = (places) =>
  navigator.locks.request("pooshesh-sync", { ifAvailable: true }, (lock) =>
    (lock ? exchange(places) : null));

const exchange = async (places) => {
  const device = await vault.meta("device");
  const state = await whoAmI(places, device.id);
  if (state.user.id !== device.user) throw new Refused("other_user");
  if (!state.device || state.device.revoked) throw new Refused("revoked");
  const taken = await push(places, device, state.csrf);
  await pushPhotos(places, device, state.csrf);
  await pull(places, device, (await whoAmI(places, device.id)).alleys);
  return taken;
};

const push = async (places, device, csrf) => {
  const rows = (await households.all()).filter(({ state }) => state === "ready");
  let taken = 0;
  for (let start = 0; start < rows.length; start += BATCH) {
    const batch = rows.slice(start, start + BATCH);
    const answer = await asked(places.sync, json({
      device: device.id,
      households: batch.map(({ id, alley, base, entered_at, content }) =>
        ({ id, alley, base, entered_at, content })),
    }, csrf));
    const said = new Map(answer.households.map((one) => [one.id, one]));
    for (const row of batch) {
      const one = said.get(row.id);
      if (one) taken += await settle(row, one);
    }
  }
  return taken;
};

// What the server said of one household, unless the worker wrote on meanwhile.
const settle = async (sent, { result, revision, current, sentence, faults }) => {
  let saved = null;
  while (!saved) {
    const now = await households.one(sent.id);
    if (!now) return 0;
    const untouched = now.seq === sent.seq;
    if (result === "kept") {
      saved = await households.save(untouched
        ? { ...now, state: "sent", base: revision, content: current ?? now.content, faults: [],
          server: null }
        : { ...now, base: current ? now.base : revision });
    } else {
      saved = untouched
        ? await households.save({ ...now, state: result, server: current, revision, sentence,
          faults })
        : now;
    }
  }
  return result === "faulty" ? 0 : 1;
};

const pushPhotos = async (places, device, csrf) => {
  for (const { id, household, sealed } of await households.photos()) {
    const home = await households.one(household);
    // A household that never came has no photo; one that was sent and dropped has.
    if (home && (home.state === "draft" || home.state === "ready" || home.state === "faulty")
      && !home.base) continue;
    const bytes = await vault.openBytes(sealed, id);
    const address = `${at(places.photo, id)}?device=${device.id}&household=${household}`;
    try {
      await asked(address, sending("PUT", bytes, csrf, "image/jpeg"));
    } catch (error) {
      if (error.sentence) continue; // this one stays and is told; the others go on
      throw error;
    }
    await vault.drop("photos", id);
  }
};

const pull = async (places, device, alleys) => {
  const known = new Map((await heldAlleys()).map((one) => [one.id, one.stamp]));
  for (const alley of alleys) {
    if (known.get(alley.id) === alley.stamp) continue;
    const { households: found } = await asked(
      `${at(places.alley, alley.id)}?device=${device.id}`);
    await take(alley.id, found);
  }
  const mine = new Set(alleys.map(({ id }) => id));
  for (const row of await households.all()) {
    if (row.state === "sent" && !mine.has(row.alley)) await households.drop(row.id);
  }
  await vault.setMeta("alleys", await vault.seal(alleys, "alleys"));
  await vault.setMeta("synced", Date.now());
};

const take = async (alley, found) => {
  const ids = new Set(found.map(({ id }) => id));
  for (const { id, revision, content } of found) {
    const here = await households.one(id);
    if (here && here.state !== "sent" && here.state !== "aside") continue;
    if (here?.state === "sent" && here.base === revision) continue;
    await households.save({ ...here, id, alley, state: "sent", base: revision, content });
  }
  for (const row of await households.all()) {
    if (row.state === "sent" && row.alley === alley && !ids.has(row.id)) await households.drop(row.id);
  }
};

export const heldAlleys = async () => {
  const sealed = await vault.meta("alleys");
  return sealed ? vault.open(sealed, "alleys") : [];
};
