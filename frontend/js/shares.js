// tr[data-whole]: tells what of the whole is left, or too much, as its shares are typed. What cannot be read as a
// number is left to the server, which judges all of it again.
import { announce, whenPresent } from "./ready.js";

const PLACES = 1000;

whenPresent("tr[data-whole]", (row) => {
  const told = row.querySelector("[data-told]");
  row.addEventListener("input", () => tell(row, told));
  row.addEventListener("change", () => announce(told.textContent));
});

function tell(row, told) {
  const shares = [...row.querySelectorAll("input")].map((field) => thousandths(field.value));
  const left = thousandths(row.dataset.whole) - shares.reduce((sum, share) => sum + share, 0);
  const words = left > 0 ? row.dataset.left : left < 0 ? row.dataset.over : "";
  told.className = "split-left";
  told.textContent = Number.isNaN(left) ? "" : words.replace("{}", shown(Math.abs(left)));
}

// Whole thousandths add up exactly.
function thousandths(text) {
  return Math.round(Number(text.replace(/\s/g, "").replace(",", ".")) * PLACES);
}

function shown(amount) {
  return (amount / PLACES).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 3 });
}
