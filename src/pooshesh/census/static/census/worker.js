// Keeps the app on the phone, one whole version at a time. The server writes KEPT above: version,
// shell (must be there), extra (welcome), home. What the app asks of the server is never kept here.

const PREFIX = "field-";
const NAME = PREFIX + KEPT.version;

const keep = async (cache, address) => {
  const answer = await fetch(address, { cache: "reload", credentials: "same-origin" });
  // A page that led to the sign-in page is not the app.
  if (!answer.ok || answer.redirected) throw new Error(`cannot keep ${address}`);
  await cache.put(address, answer);
};

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  await Promise.all(KEPT.shell.map((address) => keep(cache, address)));
  await Promise.allSettled(KEPT.extra.map((address) => keep(cache, address)));
  // A page that is open has all its modules already: the new version is for the next one.
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

const KNOWN = new Set([...KEPT.shell, ...KEPT.extra]);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (!KNOWN.has(address.pathname)) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    return (await cache.match(address.pathname)) ?? fetch(request);
  })());
});
