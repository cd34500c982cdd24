"use strict";
// A piece of the page that is good for some seconds only: [data-renew] says for how
// many; then the page is fetched again and the piece of the same id put in its place.
// Without this the page loads itself again by a <noscript>.
(() => {
  const wait = (piece) => {
    const seconds = Number(piece.dataset.renew) || 30;
    setTimeout(() => renew(piece), seconds * 1000 + 300);
  };

  const renew = async (piece) => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const text = await answer.text();
      const page = new DOMParser().parseFromString(text, "text/html");
      const fresh = page.getElementById(piece.id);
      if (!answer.ok || !fresh) return location.reload();
      piece.replaceWith(fresh);
      wait(fresh);
    } catch {
      setTimeout(() => renew(piece), 5000);
    }
  };

  document.querySelectorAll("[data-renew]").forEach(wait);
})();
