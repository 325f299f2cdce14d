// data-copy: copies the text (or value) of [data-copy-text] in the same parent and says so.
import { announce, whenPresent } from "./ready.js";

whenPresent("[data-copy]", (button) => {
  const source = button.parentElement.querySelector("[data-copy-text]");
  if (!source || !navigator.clipboard) return;
  button.hidden = false;
  const words = button.querySelector("span");
  const before = words.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    words.textContent = button.dataset.done;
    announce(button.dataset.done);
    setTimeout(() => { words.textContent = before; }, 2000);
  });
});
