"use strict";
// A second tap while the answer is on its way does nothing: a code works once only.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
// back on this page by the browser's button; shown for the first time, it may have been
// sent already by somebody quick
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) delete form.dataset.sent;
});
