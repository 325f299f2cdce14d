// A form with data-choose is a list to choose many from. [data-choose-all] (hidden without JavaScript) chooses every
// box, Shift with a click or the space bar chooses all from the last one, and [data-chosen] says how many there are.
import { whenPresent } from "./ready.js";

whenPresent("form[data-choose]", (form) => {
  const boxes = [...form.querySelectorAll("input[data-choice]")];
  const all = form.querySelector("[data-choose-all]");
  const said = form.querySelector("[data-chosen]");
  let last = null;

  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    if (said) said.textContent = chosen ? said.dataset.chosen.replace("{count}", chosen) : "";
    if (!all) return;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };

  if (all) {
    all.closest("label").hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      tell();
    });
  }
  form.addEventListener("click", (event) => {
    const box = event.target;
    if (!boxes.includes(box)) return;
    if (event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    tell();
  });
  tell();
});
