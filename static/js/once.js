"use strict";
// A second tap while the answer is on its way does nothing: a code works once only.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
// back on this page by the browser's button
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
