// Keeps the pages of the phone view that were opened, with the moment they are of, and what they are made of, so that they
// open again without a signal. Only pages that say whose they are (X-Phone-Owner) are kept, those of one owner at a time,
// and for hours only; nothing else of the portal passes here, for the scope of this script is the phone view.
const PAGES = "phone-pages-";
const ASSETS = "phone-assets";
const HOURS = 12;
const MOST = 100;
const PATIENCE = 4000;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([caches.delete(ASSETS), self.clients.claim()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
});

// Pages say what they are made of: the first of them was loaded before this script ran.
self.addEventListener("message", (event) => {
  event.waitUntil(Promise.all([lookAt(event.data.pages), keepAssets(event.data.assets)]));
});

async function page(event) {
  const { request } = event;
  const asked = fetch(request).then(async (answer) => {
    await note(request.url, answer.clone()).catch(() => undefined);
    return answer;
  });
  event.waitUntil(asked.catch(() => undefined));
  const first = await Promise.race([asked.catch(() => null), later()]);
  if (first && first.status < 500) return first;
  return (await kept(request.url)) ?? first ?? (await kept(new URL("away/", self.registration.scope).href)) ?? asked;
}

const later = () => new Promise((resolve) => { setTimeout(() => resolve(null), PATIENCE); });

async function lookAt(pages) {
  for (const page of pages) {
    const { href } = new URL(page, location.origin);
    const answer = await fetch(href, { redirect: "manual" }).catch(() => null);
    if (answer) await note(href, answer);
  }
}

// A session that has ended, or a right that has, takes with it what was kept; a page that is gone, itself.
async function note(url, answer) {
  const owner = answer.headers.get("X-Phone-Owner");
  if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) await forget(() => true);
  else if ([404, 410].includes(answer.status)) await drop(url);
  else if (answer.ok && owner) await keep(url, answer, owner);
}

async function keep(url, answer, owner) {
  await forget((name) => name !== PAGES + owner);
  const cache = await caches.open(PAGES + owner);
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set("X-Kept-At", Date.now());
  const text = (await answer.text()).replace("<html", "<html data-kept");
  await cache.put(url, new Response(text, { headers }));
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST))) await cache.delete(old);
}

async function kept(url) {
  for (const name of await pageCaches()) {
    const cache = await caches.open(name);
    const found = await cache.match(url);
    if (found && Date.now() - found.headers.get("X-Kept-At") < HOURS * 3_600_000) return found;
    if (found) await cache.delete(url);
  }
  return undefined;
}

async function drop(url) {
  for (const name of await pageCaches()) await (await caches.open(name)).delete(url);
}

async function forget(which) {
  for (const name of await pageCaches()) if (which(name)) await caches.delete(name);
}

const pageCaches = async () => (await caches.keys()).filter((name) => name.startsWith(PAGES));

async function asset(request) {
  const cache = await caches.open(ASSETS);
  const found = await cache.match(request);
  if (found && HASHED.test(new URL(request.url).pathname)) return found;
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    if (found) return found;
    throw error;
  }
}

async function keepAssets(urls) {
  const cache = await caches.open(ASSETS);
  for (const url of urls) {
    const { origin, pathname } = new URL(url);
    const isOurs = origin === location.origin && pathname.startsWith("/static/");
    if (isOurs && !(await cache.match(url))) await cache.add(url).catch(() => undefined);
  }
}
