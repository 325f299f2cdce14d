// The phone view: pages that open without a signal (worker.js), forms kept as they are typed, acts sent when they can be.
// Where the browser lacks any of what this needs, forms go as forms do.
import { actsOf, dropAct, forgetAll, keepAct, keepTyped, tidy, typedIn } from "./phone/kept.js";
import { sendAll } from "./phone/sending.js";

const frame = document.querySelector("[data-phone]");
const owner = document.querySelector('meta[name="phone-owner"]').content;
const forms = [...document.querySelectorAll("form[data-phone-act]")];
const OWN = new Set(["csrfmiddlewaretoken", "key", "owner"]);
const EVERY = 20_000;

let standing = "";
let isSending = false;
let isWanted = false;
let told = [];
let shown = "";

if (window.isSecureContext && navigator.serviceWorker && navigator.locks) start();

async function start() {
  for (const name of ["online", "offline"]) window.addEventListener(name, () => { showSignal(); goOn(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) goOn(); });
  setInterval(goOn, EVERY);
  showSignal();
  await tidy(owner);
  for (const form of forms) await bind(form);
  for (const form of document.querySelectorAll('form[action$="/sign-out/"]')) form.addEventListener("submit", signOut);
  await hear();
  work().catch(() => undefined); // without a worker pages do not open without a signal; acts are kept all the same
  await goOn();
}

// The page as it stands, and what it is made of, are kept from the first time on.
async function work() {
  await navigator.serviceWorker.register(frame.dataset.worker, { scope: frame.dataset.scope });
  const { active } = await navigator.serviceWorker.ready;
  const made = performance.getEntriesByType("resource").map((entry) => entry.name);
  const isNew = !document.documentElement.hasAttribute("data-kept");
  active.postMessage({ pages: [frame.dataset.awayPage, ...(isNew ? [location.href] : [])], assets: made });
}

function showSignal() {
  const isAway = !navigator.onLine || document.documentElement.hasAttribute("data-kept");
  document.querySelector("[data-away]").hidden = !isAway;
}

const fieldsOf = (form) => [...new FormData(form)].filter(([name]) => !OWN.has(name));

async function bind(form) {
  const url = form.getAttribute("action");
  const typed = await typedIn(owner, url);
  if (typed) fill(form, typed.fields);
  form.addEventListener("input", () => keepTyped({ owner, url, fields: fieldsOf(form) }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    press(form, url);
  });
}

function fill(form, fields) {
  for (const [name, value] of fields) {
    const field = form.elements[name];
    if (field) field.value = value;
  }
  form.closest("details")?.setAttribute("open", "");
}

async function press(form, url) {
  const button = form.querySelector("button[type=submit]");
  if (button.disabled) return;
  button.disabled = true;
  const earlier = (await actsOf(owner)).find((act) => act.url === url && act.state !== "taken");
  if (earlier?.state === "waiting") return;
  if (earlier) await dropAct(earlier.key);
  const { label, number } = form.dataset;
  await keepAct({
    key: crypto.randomUUID(), owner, url, label, number, page: location.pathname, fields: fieldsOf(form), at: Date.now(),
    state: "waiting", tried: false, words: "",
  });
  await goOn();
}

async function goOn() {
  isWanted = true;
  if (isSending) return;
  isSending = true;
  try {
    while (isWanted) {
      isWanted = false;
      if (!navigator.onLine) standing = "away";
      await show();
      standing = navigator.onLine ? await sendAll(owner, frame.dataset.standing) : "away";
    }
  } finally {
    isSending = false;
  }
  const acts = await show();
  // What was done has changed the page, or somebody else had changed it: it is told on the one that comes.
  if (acts.some(isNews)) await comeAgain(acts);
}

const isNews = (act) => act.state !== "waiting" && !act.isTold;

async function comeAgain(acts) {
  for (const act of acts.filter(isNews)) await keepAct({ ...act, isTold: true });
  location.reload();
}

// What was done before the page came is told on it, once; what was refused, until it is read.
async function hear() {
  told = (await actsOf(owner)).filter((act) => act.isTold && act.state === "taken");
  for (const act of told) await dropAct(act.key);
}

async function show() {
  const acts = await actsOf(owner);
  for (const form of forms) {
    const isWaiting = acts.some((act) => act.url === form.getAttribute("action") && act.state === "waiting");
    form.querySelector("button[type=submit]").disabled = isWaiting;
  }
  // Told again only when something else is to be told: the place is read out as it changes.
  const said = JSON.stringify([standing, told, acts]);
  if (said !== shown) document.querySelector("[data-phone-notices]").replaceChildren(...[...told, ...acts].map(notice));
  shown = said;
  return acts;
}

function notice(act) {
  const kind = act.state === "waiting" ? ({ "signed-out": "signed-out", "": "sending" }[standing] ?? "waiting") : act.state;
  const made = document.querySelector(`[data-phone-notice="${kind}"]`).content.firstElementChild.cloneNode(true);
  const moment = new Intl.DateTimeFormat("lt-LT", { dateStyle: "short", timeStyle: "short", timeZone: "Europe/Vilnius" });
  const head = `${act.label}: ${act.number}, ${moment.format(act.at)}.`;
  made.querySelector("[data-phone-words]").textContent = `${head} ${act.words}`.trim();
  const drop = made.querySelector("[data-phone-drop]");
  if (drop) {
    drop.hidden = act.state === "waiting" && act.tried;
    drop.addEventListener("click", () => dropAct(act.key).then(show));
  }
  const mend = made.querySelector("[data-phone-mend]");
  if (mend) {
    mend.href = act.page;
    mend.parentElement.hidden = !act.fields.length;
  }
  return made;
}

// What is kept goes with the session; the question, where something is not sent yet, is asked by confirm.js.
async function signOut(event) {
  const form = event.target;
  event.preventDefault();
  const waiting = (await actsOf(owner)).filter((act) => act.state === "waiting");
  if (waiting.length && !form.dataset.confirm) {
    form.dataset.confirm = frame.dataset.unsent;
    form.requestSubmit();
    return;
  }
  await forgetAll();
  form.submit();
}
