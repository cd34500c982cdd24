"use strict";
// While the answer to form[data-progress] is on its way, its [role=status] says how many
// rows are done: the server is asked once a second. Without this the page's words about
// the time still stand.
(() => {
  const form = document.querySelector("form[data-progress]");
  if (!form) return;
  const status = form.querySelector("[role=status]");
  const bar = form.querySelector("progress");
  let timer;

  const look = async () => {
    const answer = await fetch(form.dataset.progress, { cache: "no-store" });
    if (!answer.ok) return;
    const { done } = await answer.json();
    if (done === null) return;
    status.textContent = status.dataset.done.replace("{n}", done);
    if (bar.max > 1) bar.value = done;
  };

  form.addEventListener("submit", () => {
    status.textContent = status.dataset.begun;
    bar.hidden = false;
    timer = setInterval(() => look().catch(() => {}), 1000);
  });
  // back on this page by the browser's button; not when it is shown for the first time:
  // somebody quick has pressed the button before that
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    clearInterval(timer);
    status.textContent = "";
    bar.hidden = true;
  });
})();
