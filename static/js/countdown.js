"use strict";
// Ticks every [data-countdown] by the server's clock: a phone may be minutes wrong.
// The time comes from the Date header of one small request; without it nothing is
// shown, and the date in words beside it still stands.
(async () => {
  const clocks = [...document.querySelectorAll("[data-countdown]")];
  if (clocks.length === 0) return;
  const asked = performance.now();
  const answer = await fetch(document.querySelector("link[rel=icon]").href, {
    method: "HEAD",
    cache: "no-store",
  });
  const said = Date.parse(answer.headers.get("Date"));
  if (Number.isNaN(said)) return;
  const now = () => said + performance.now() - asked;
  // “9天3小时”, “3小时5分”, “5分20秒”: the two greatest units say enough
  const inWords = (left, units) => {
    const parts = [86400, 3600, 60, 1].map((size, i, sizes) =>
      Math.floor((i ? left % sizes[i - 1] : left) / size),
    );
    const first = parts.findIndex((part) => part > 0);
    return parts
      .map((part, i) => `${part}${units[i]}`)
      .slice(first, first + 2)
      .join("");
  };

  const tick = () => {
    for (const clock of clocks) {
      const left = Math.ceil((Date.parse(clock.dataset.countdown) - now()) / 1000);
      clock.hidden = false;
      if (left > 0) {
        const words = inWords(left, clock.dataset.units.split(" "));
        clock.textContent = `${clock.dataset.before || ""}${words}`;
      } else if (!clock.querySelector("a")) {
        const link = document.createElement("a");
        link.className = "textlink";
        link.href = location.href;
        link.textContent = clock.dataset.done;
        clock.replaceChildren(link);
      }
    }
  };
  tick();
  setInterval(tick, 1000);
})();
