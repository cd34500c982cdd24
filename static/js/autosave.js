"use strict";
// Keeps what is typed into an article every twenty seconds and when a box is left. What
// could not be kept is said, and stays in the page; 保存草稿 then says why.
(() => {
  const status = document.querySelector("[data-autosave]");
  const form = status?.closest("form");
  if (!form) return;
  const EVERY = 20000;
  const names = ["base", "parts", "_seen"];
  const typed = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) {
      if (value instanceof File) data.delete(name);
    }
    return data;
  };
  const words = (data) =>
    JSON.stringify([...data].filter(([name]) => !names.includes(name) && name !== "csrfmiddlewaretoken"));
  const put = (name, value) => {
    let box = form.querySelector(`input[name="${name}"]`);
    if (!box) {
      box = document.createElement("input");
      box.type = "hidden";
      box.name = name;
      form.append(box);
    }
    box.value = value;
  };
  let address = status.dataset.autosave;
  let kept = null;
  let isSending = false; // the form itself is on its way
  let underway = null; // what is being kept just now
  // the editors have put in what they make of the text by the time somebody acts
  const remember = () => {
    kept ??= words(typed());
  };
  for (const deed of ["pointerdown", "keydown", "focusin"]) {
    document.addEventListener(deed, remember, { capture: true, once: true });
  }
  const tell = (name) => form.dispatchEvent(new CustomEvent(name)); // admin-unsaved.js
  const send = async () => {
    const data = typed();
    const now = words(data);
    if (now === kept) return;
    tell("keeping");
    try {
      const answer = await fetch(address, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const said = await answer.json();
      if (answer.ok && !said.waits) {
        kept = now;
        tell("kept");
        put("base", said.base);
        put("parts", said.parts);
        put("_seen", said.seen);
        if (address !== said.autosave) {
          address = said.autosave;
          form.action = said.address;
          history.replaceState(null, "", said.address);
        }
      }
      status.textContent = said.said || "";
    } catch {
      status.textContent = status.dataset.lost;
    }
  };
  let isAsked = false; // again, while it was underway
  const keep = () => {
    if (isSending || kept === null) return;
    if (underway) {
      isAsked = true;
      return;
    }
    underway = send().finally(() => {
      underway = null;
      if (isAsked) {
        isAsked = false;
        keep();
      }
    });
  };
  setInterval(keep, EVERY);
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget?.type !== "submit") keep();
  });
  form.addEventListener("submit", (event) => {
    if (!underway) {
      isSending = true;
      return;
    }
    // a new article may just be being made of it: it is sent to that one, once
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    underway.finally(() => form.requestSubmit(button));
  });
  window.addEventListener("pageshow", () => {
    isSending = false;
  });
})();
