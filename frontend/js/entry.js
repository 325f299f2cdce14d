// form[data-entry]: values that follow from what is typed are put into fields nobody has filled in by hand, and a
// chosen party fills its fields. A field filled here is filled anew as long as nobody changes it.
const isOurs = (field) => !field.value || field.value === field.dataset.filled;

function fill(field, value) {
  if (!field || !isOurs(field)) return;
  field.value = value;
  field.dataset.filled = value;
}

document.addEventListener("htmx:afterSettle", () => {
  for (const told of document.querySelectorAll("#entry-verdict [data-fill]")) {
    fill(document.getElementById(told.dataset.fill), told.value);
    told.remove();
  }
});

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-party]");
  if (!chosen) return;
  const form = chosen.closest("form");
  for (const name of ["vat", "code", "country", "name"]) {
    form.elements[`party_${name}`].value = chosen.dataset[name];
  }
  form.querySelector("#entry-find").value = "";
  chosen.closest("ul").remove();
  form.elements.party_name.dispatchEvent(new Event("change", { bubbles: true }));
  const next = form.querySelector(".entry-line select, .entry-line input");
  if (next) next.focus();
});
