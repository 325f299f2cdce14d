// What the phone keeps: acts that are to be sent, and what is typed into forms that were not sent yet. Each belongs to an
// owner, a mark of the person and the taxpayer, and is seen and sent by the pages of that owner only.
import { openDB } from "idb";

const NAME = "imas-phone";
const DAYS = 7;

// As long as nothing is kept, and after signing out, there is no database; it is made when it is needed.
const open = () => openDB(NAME, 1, {
  upgrade(database) {
    database.createObjectStore("acts", { keyPath: "key" });
    database.createObjectStore("typed", { keyPath: ["owner", "url"] });
  },
  // Signing out elsewhere takes it away under us.
  terminated() { opened = null; },
});

let opened = null;
const database = () => (opened ??= open());

export async function actsOf(owner) {
  const all = await (await database()).getAll("acts");
  return all.filter((act) => act.owner === owner).sort((one, other) => one.at - other.at);
}

export const keepAct = async (act) => (await database()).put("acts", act);
export const dropAct = async (key) => (await database()).delete("acts", key);
export const typedIn = async (owner, url) => (await database()).get("typed", [owner, url]);
export const keepTyped = async (typed) => (await database()).put("typed", { ...typed, at: Date.now() });
export const dropTyped = async (owner, url) => (await database()).delete("typed", [owner, url]);

// What another left half typed, and what is too old for the server to take.
export async function tidy(owner) {
  const kept = await database();
  const oldest = Date.now() - DAYS * 86_400_000;
  for (const typed of await kept.getAll("typed")) {
    if (typed.owner !== owner || typed.at < oldest) await kept.delete("typed", [typed.owner, typed.url]);
  }
  for (const act of await kept.getAll("acts")) {
    if (act.at < oldest) await kept.delete("acts", act.key);
  }
}

export async function forgetAll() {
  const kept = await database();
  await Promise.all([kept.clear("acts"), kept.clear("typed")]);
  for (const name of await caches.keys()) await caches.delete(name);
}
