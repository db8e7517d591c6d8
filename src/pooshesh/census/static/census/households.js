// Households on the phone. A row is {id, state, seq, base, sealed}; sealed is what was said, with
// the alley, the server's version where there are two, and what the server told.
//
// draft → ready → sent, or faulty, conflict, aside by the server's answer. Only what the server
// acknowledged ("sent", "aside") may ever leave the phone.

import * as vault from "./vault.js";

export const UNSENT = new Set(["draft", "ready", "faulty", "conflict"]);

export const unsent = async () =>
  (await vault.all("households")).filter((row) => UNSENT.has(row.state)).length;

const opened = async ({ id, state, seq, base, sealed }) =>
  ({ id, state, seq, base, ...(await vault.open(sealed, id)) });

export const all = async () => Promise.all((await vault.all("households")).map(opened));

export const one = async (id) => {
  const row = await vault.one("households", id);
  return row ? opened(row) : null;
};

// Writes a household as it was read; null where it was written meanwhile. `seq` grows with each
// writing, so that neither an answer to an older one nor another tab takes its place.
export const save = async ({ id, state, seq = 0, base = 0, ...said }) => {
  const row = { id, state, seq: seq + 1, base, sealed: await vault.seal(said, id) };
  return (await vault.putIf("households", row, seq)) ? { id, state, seq: seq + 1, base, ...said } : null;
};

export const drop = (id) => vault.drop("households", id);

export const photos = async (household) =>
  (await vault.all("photos")).filter((row) => !household || row.household === household);

export const dropPhotos = async (household) => {
  for (const { id } of await photos(household)) await vault.drop("photos", id);
};

const LONGEST_SIDE = 1600;
const MOST_BYTES = 600_000;

// The picture as a small JPEG, drawn anew: place and time that a camera adds stay behind.
export const shrink = async (file) => {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const quality of [0.75, 0.6, 0.45, 0.3]) {
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob && blob.size <= MOST_BYTES) return new Uint8Array(await blob.arrayBuffer());
  }
  throw new Error("too large");
};

export const addPhoto = async (household, file) => {
  const id = crypto.randomUUID();
  const bytes = await shrink(file);
  await vault.put("photos", { id, household, sealed: await vault.sealBytes(bytes, id) });
};
