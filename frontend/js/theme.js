// Runs before the first paint: the page follows the system's light or dark scheme.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => {
  document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
};
follow();
dark.addEventListener("change", follow);
document.documentElement.classList.add("js");
