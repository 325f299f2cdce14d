// A form with data-confirm="question" asks in a dialog before it goes; without JavaScript it goes at once.
const dialog = () => document.querySelector("[data-confirm-dialog]");

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = form.dataset?.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(question, event.submitter).then((yes) => {
    if (!yes) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
    delete form.dataset.confirmed;
  });
}, true);

function ask(question, submitter) {
  const box = dialog();
  box.querySelector("[data-confirm-words]").textContent = question;
  const yes = box.querySelector("[data-confirm-yes]");
  yes.textContent = submitter?.textContent.trim() || yes.textContent;
  box.returnValue = "";
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener("close", () => resolve(box.returnValue === "yes"), { once: true });
  });
}
