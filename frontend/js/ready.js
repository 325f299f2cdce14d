// Calls `bind` for every element that matches, now and whenever htmx brings new ones; once for each.
export function whenPresent(selector, bind) {
  const bound = new WeakSet();
  const look = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found) {
      if (!bound.has(element)) {
        bound.add(element);
        bind(element);
      }
    }
  };
  const start = () => look(document.body);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.addEventListener("htmx:load", (event) => look(event.detail.elt));
}

export function announce(words) {
  const announcer = document.querySelector("[data-announcer]");
  if (announcer) announcer.textContent = words;
}
