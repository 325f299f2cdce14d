// Filters that act as one types leave empty fields out of the address, and say that the list has changed.
import { announce } from "./ready.js";

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.closest?.("form[data-filter]")) return;
  for (const [name, value] of [...event.detail.formData.entries()]) {
    if (value === "") event.detail.formData.delete(name);
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const words = event.target.querySelector?.("[data-announce]");
  if (words) announce(words.textContent.trim());
});
