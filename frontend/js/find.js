// [data-find] looks for something as one types; a choice found there is a button with data-fills, the values by the names
// of the fields of its form. Choosing fills them, empties the search, and goes on to the field that data-find selects.
import { whenPresent } from "./ready.js";

whenPresent("[data-fills]", (choice) => choice.addEventListener("click", () => {
  const form = choice.closest("form");
  const place = choice.closest("[data-find]");
  for (const [name, value] of Object.entries(JSON.parse(choice.dataset.fills))) form.elements[name].value = value;
  place.querySelector("input").value = "";
  choice.closest("ul").remove();
  form.dispatchEvent(new Event("change", { bubbles: true }));
  form.querySelector(place.dataset.find)?.focus();
}));
