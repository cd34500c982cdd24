"use strict";
// Whoever leaves a form of the back office with something typed and not saved is asked
// first. What stands in the form is compared, so that taking a change back is no change;
// a form that came back with errors was never saved.
(() => {
  const form = document.querySelector("#content-main form[method=post]");
  if (!form || form.closest("#changelist")) return;
  const WRITTEN = ["base", "parts", "_seen"]; // by autosave.js, about what it kept
  const words = (isWithFiles = true) => {
    const fields = [...new FormData(form)].filter(([name]) => !WRITTEN.includes(name));
    const file = ({ name, size }) => (isWithFiles ? `${name} ${size}` : " 0");
    return JSON.stringify(
      fields.map(([name, value]) => [name, value instanceof File ? file(value) : value]),
    );
  };
  let before = form.querySelector(".errorlist") ? "" : null;
  // the editors have put in what they make of the text by the time somebody acts
  const remember = () => {
    before ??= words();
  };
  for (const deed of ["pointerdown", "keydown", "focusin"]) {
    document.addEventListener(deed, remember, { capture: true, once: true });
  }
  // what was kept while one types is saved, but for files in their boxes
  let underway = null;
  form.addEventListener("keeping", () => {
    underway = words(false);
  });
  form.addEventListener("kept", () => {
    before = underway;
  });
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
