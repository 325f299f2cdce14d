// form[data-upload]: files may be dropped; sending shows its progress; the answer's page is opened.
import htmx from "htmx.org";

import { announce, whenPresent } from "./ready.js";

whenPresent("form[data-upload]", (form) => {
  const field = form.querySelector("input[type=file]");
  const area = form.querySelector("[data-drop]");
  if (!field || !area) return;
  acceptDrops(area, field);
  field.addEventListener("change", () => listFiles(area, field.files));
  form.addEventListener("submit", (event) => {
    if (!field.files.length) return;
    event.preventDefault();
    send(form, event.submitter, area);
  });
});

function acceptDrops(area, field) {
  const mark = (isOver) => area.classList.toggle("drop-over", isOver);
  area.addEventListener("dragover", (event) => { event.preventDefault(); mark(true); });
  area.addEventListener("dragleave", () => mark(false));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function listFiles(area, files) {
  area.querySelector("[data-drop-files]").replaceChildren(...[...files].map((file) => {
    const row = document.createElement("li");
    row.textContent = `${file.name} · ${sizeInWords(file.size)}`;
    return row;
  }));
}

// As the server writes it beside the receipt.
function sizeInWords(bytes) {
  let [size, unit] = [bytes, "B"];
  for (const larger of ["kB", "MB", "GB"]) {
    if (size < 1000) break;
    [size, unit] = [size / 1000, larger];
  }
  const digits = unit === "B" ? 0 : 1;
  const number = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number.format(size)}\u00a0${unit}`;
}

function send(form, submitter, area) {
  const part = area.querySelector("[data-upload-progress]");
  const bar = part.querySelector("progress");
  const words = part.querySelector("[data-upload-words]");
  const buttons = form.querySelectorAll("button");
  const say = (key) => { words.textContent = words.dataset[key]; announce(words.dataset[key]); };
  const body = new FormData(form, submitter);
  const request = new XMLHttpRequest();
  request.open("POST", submitter?.formAction || form.action);
  request.upload.addEventListener("progress", (event) => { bar.value = (event.loaded / event.total) * 100; });
  request.upload.addEventListener("load", () => say("sent"));
  request.addEventListener("load", () => showAnswer(request));
  request.addEventListener("error", () => { say("failed"); free(true); });
  const free = (isFree) => buttons.forEach((button) => { button.disabled = !isFree; });
  part.hidden = false;
  free(false);
  say("sending");
  request.send(body);
}

// A redirect has been followed by the browser: go where it led. A refusal comes back as a page: show it.
function showAnswer(request) {
  if (request.status < 400 && request.responseURL !== location.href) {
    location.assign(request.responseURL);
    return;
  }
  htmx.swap("#main", request.responseText, { swapStyle: "outerHTML" }, { select: "#main" });
}
