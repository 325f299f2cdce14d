// Sends kept acts one after another, in the order in which they were pressed. An act has a key of its own, made when it was
// pressed: however often it is sent, the server does it once and answers the same.
import { actsOf, dropTyped, keepAct } from "./kept.js";

const SECONDS = 20;

// Returns "signed-out", "away" or "", and changes the acts it sent.
export function sendAll(owner, standing) {
  return navigator.locks.request(`imas-phone-${owner}`, async () => {
    const waiting = (await actsOf(owner)).filter((act) => act.state === "waiting");
    if (!waiting.length) return "";
    const now = await whoIsIn(standing);
    if (!now) return "away";
    if (now.owner !== owner) return "signed-out";
    for (const act of waiting) {
      if (!(await send(act, now.token))) return "away";
    }
    return "";
  });
}

async function whoIsIn(standing) {
  try {
    const answer = await within(standing, { headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.type === "opaqueredirect") return { owner: "" };
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function send(act, token) {
  const body = new URLSearchParams([...act.fields, ["key", act.key], ["owner", act.owner]]);
  body.append("pressed_at", new Date(act.at).toISOString());
  // From here on it may have arrived, so it cannot be taken back.
  await keepAct({ ...act, tried: true });
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  try {
    const answer = await within(act.url, { method: "POST", body, headers, redirect: "manual" });
    if (answer.status >= 500 || !answer.headers.get("Content-Type")?.startsWith("application/json")) return false;
    const { taken, words } = await answer.json();
    if (typeof taken !== "boolean") return false;
    await keepAct({ ...act, tried: true, state: taken ? "taken" : "refused", words });
    if (taken) await dropTyped(act.owner, act.url);
    return true;
  } catch {
    return false;
  }
}

const within = (url, options) => fetch(url, { ...options, signal: AbortSignal.timeout(SECONDS * 1000) });
