"use strict";
// Shows “copy link” where the browser can do it, and says so when it is done.
document.querySelectorAll("[data-copy-link]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href.split("#")[0]);
    button.querySelector("span").textContent = button.dataset.done;
  });
});
