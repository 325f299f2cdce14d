// Menus made of <details>: Escape and a click elsewhere close them; a switcher focuses its search.
import { whenPresent } from "./ready.js";

whenPresent("details[data-closing]", (menu) => {
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
});

whenPresent("details[data-switcher]", (menu) => {
  menu.addEventListener("toggle", () => {
    if (menu.open) menu.querySelector("input[type=search]")?.focus();
  });
});
