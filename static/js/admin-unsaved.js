"use strict";
// Whoever leaves a form of the back office with something typed and not saved is asked
// first. What stands in the form is compared, so that taking a change back is no change;
// a form that came back with errors was never saved.
(() => {
  const form = document.querySelector("#content-main form[method=post]");
  if (!form || form.closest("#changelist")) return;
  const words = () => {
    const fields = [...new FormData(form)].map(([name, value]) => [
      name,
      value instanceof File ? `${value.name} ${value.size}` : value,
    ]);
    return JSON.stringify(fields);
  };
  let before = form.querySelector(".errorlist") ? "" : null;
  // the editors have put in what they make of the text by the time somebody acts
  const remember = () => {
    before ??= words();
  };
  for (const deed of ["pointerdown", "keydown", "focusin"]) {
    document.addEventListener(deed, remember, { capture: true, once: true });
  }
  let isSending = false;
  form.addEventListener("submit", () => {
    isSending = true;
  });
  // back on this page by the browser's button: what was sent may have been refused
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isSending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSending && before !== null && words() !== before) event.preventDefault();
  });
})();
