"use strict";
// An open filter of a list closes with Escape and when one clicks elsewhere.
(() => {
  const close = (except) =>
    document.querySelectorAll(".facet[open]").forEach((facet) => {
      if (facet !== except) facet.open = false;
    });
  document.addEventListener("click", (event) => close(event.target.closest(".facet")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.activeElement.closest(".facet")?.querySelector("summary").focus();
    close(null);
  });
})();
