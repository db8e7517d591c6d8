// The store on the phone, and the key that opens it.
//
// What households said is sealed with AES-GCM under a data key. That key lies here wrapped by one
// that is derived from the PIN (PBKDF2) and from the device's secret, which the server gave once and
// which no script can read back. Only ids, states and numbers of versions lie open.

import { latin } from "./rules.js";

const NAME = "pooshesh-field";
const ROUNDS = 300_000;
const TRIES = 5;
const PAUSE = 60; // seconds, doubled at each further wrong PIN
const LONGEST_PAUSE = 3600;

const promised = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

let database = null;

const opened = async () => {
  if (database) return database;
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("meta");
    request.result.createObjectStore("households", { keyPath: "id" });
    request.result.createObjectStore("photos", { keyPath: "id" });
  };
  database = await promised(request);
  database.onversionchange = () => { database.close(); database = null; };
  return database;
};

const read = async (store, act) =>
  promised(act((await opened()).transaction(store).objectStore(store)));

// Resolves only when the disk has it: what the worker saved survives a flat battery.
const write = async (store, act) => {
  const transaction = (await opened()).transaction(store, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
  act(transaction.objectStore(store));
  await done;
};

export const meta = (key) => read("meta", (store) => store.get(key));
export const setMeta = (key, value) => write("meta", (store) => store.put(value, key));
export const all = (store) => read(store, (rows) => rows.getAll());
export const one = (store, id) => read(store, (rows) => rows.get(id));
export const put = (store, row) => write(store, (rows) => rows.put(row));
// Puts a row only where nobody wrote it since: its `seq` must still be `seen`. Whether it was put.
export const putIf = async (store, row, seen) => {
  let put = false;
  await write(store, (rows) => {
    const request = rows.get(row.id);
    request.onsuccess = () => {
      put = (request.result?.seq ?? 0) === seen;
      if (put) rows.put(row);
    };
  });
  return put;
};
export const drop = (store, id) => write(store, (rows) => rows.delete(id));

// --- keys --------------------------------------------------------------------------------

const utf8 = (text) => new TextEncoder().encode(text);
const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
let key = null;

const derived = async (pin, salt, rounds, device) => {
  const typed = await crypto.subtle.importKey("raw", utf8(latin(pin)), "PBKDF2", false,
    ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, typed, 256);
  const mixed = await crypto.subtle.sign("HMAC", device, bits);
  return crypto.subtle.importKey("raw", mixed, "AES-GCM", false, ["wrapKey", "unwrapKey"]);
};

// `secret` is base64 from the server; it stays here as a key that cannot be taken out.
export const setUp = async (pin, secret, device) => {
  const raw = Uint8Array.from(atob(secret), (char) => char.charCodeAt(0));
  const mixing = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false,
    ["sign"]);
  raw.fill(0);
  const [salt, iv] = [random(16), random(12)];
  const outer = await derived(pin, salt, ROUNDS, mixing);
  const data = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true,
    ["encrypt", "decrypt"]);
  const wrapped = await crypto.subtle.wrapKey("raw", data, outer, { name: "AES-GCM", iv });
  await setMeta("lock", { salt, iv, wrapped, mixing, rounds: ROUNDS });
  await setMeta("device", device);
  return unlock(pin);
};

// {open: true}, or how many tries are left, or how many seconds to wait. Wrong PINs erase nothing.
export const unlock = async (pin) => {
  const tries = (await meta("tries")) ?? { wrong: 0, until: 0 };
  const wait = Math.ceil((tries.until - Date.now()) / 1000);
  if (wait > 0) return { wait };
  const { salt, iv, wrapped, mixing, rounds } = await meta("lock");
  // Counted before it is tried: closing the page in between wins no try.
  const wrong = tries.wrong + 1;
  const pause = wrong < TRIES ? 0 : Math.min(PAUSE * 2 ** (wrong - TRIES), LONGEST_PAUSE);
  await setMeta("tries", { wrong, until: Date.now() + pause * 1000 });
  try {
    const outer = await derived(pin, salt, rounds, mixing);
    key = await crypto.subtle.unwrapKey("raw", wrapped, outer, { name: "AES-GCM", iv }, "AES-GCM",
      false, ["encrypt", "decrypt"]);
  } catch {
    return pause ? { wait: pause } : { left: TRIES - wrong };
  }
  await setMeta("tries", { wrong: 0, until: 0 });
  return { open: true };
};

export const lock = () => { key = null; };
export const isOpen = () => key !== null;

// The id is bound in: a sealed value put under another id does not open.
export const sealBytes = async (bytes, id) => {
  const iv = random(12);
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: utf8(id) }, key, bytes);
  return { iv, data };
};
export const openBytes = ({ iv, data }, id) => crypto.subtle.decrypt(
  { name: "AES-GCM", iv, additionalData: utf8(id) }, key, data);
export const seal = (value, id) => sealBytes(utf8(JSON.stringify(value)), id);
export const open = async (sealed, id) =>
  JSON.parse(new TextDecoder().decode(await openBytes(sealed, id)));

// Everything on this phone, unread and unsent, for good.
export const erase = async () => {
  lock();
  database?.close();
  database = null;
  await promised(indexedDB.deleteDatabase(NAME));
};
