// form[data-passkey="create" | "get"]: asks the browser for a passkey as data-options says, puts its answer into
// [data-passkey-answer] and only then sends the form. What the browser refuses, the server explains.
import { whenPresent } from "./ready.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

function question(options) {
  const asked = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.excludeCredentials) asked.excludeCredentials = named(asked.excludeCredentials);
  if (asked.allowCredentials) asked.allowCredentials = named(asked.allowCredentials);
  return { publicKey: asked };
}

function answer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

whenPresent("form[data-passkey]", (form) => {
  const field = form.querySelector("[data-passkey-answer]");
  form.addEventListener("submit", async (event) => {
    if (field.value || !navigator.credentials || !form.checkValidity()) return;
    event.preventDefault();
    try {
      field.value = answer(await navigator.credentials[form.dataset.passkey](question(JSON.parse(form.dataset.options))));
    } catch {
      field.value = "";
    }
    form.submit();
  });
});
