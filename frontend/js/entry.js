// form[data-entry]: values that follow from what is typed are put into fields that nobody has filled in by hand. What
// was put there is put anew as long as nobody changes it; then the record is judged again.
import { whenPresent } from "./ready.js";

whenPresent("#entry-verdict", (verdict) => {
  let isChanged = false;
  for (const told of verdict.querySelectorAll("[data-fill]")) {
    const field = document.getElementById(told.dataset.fill);
    if (field) isChanged = put(field, told.value) || isChanged;
  }
  if (isChanged) verdict.closest("form").dispatchEvent(new Event("change", { bubbles: true }));
});

function put(field, value) {
  const isOurs = !field.value || field.value === value || field.value === field.dataset.filled;
  if (!isOurs) return false;
  const isChanged = field.value !== value;
  field.value = value;
  field.dataset.filled = value;
  return isChanged;
}
