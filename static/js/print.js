"use strict";
// Shows the print buttons, which could do nothing without a script.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
