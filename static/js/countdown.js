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
  const two = (number) => String(number).padStart(2, "0");

  const tick = () => {
    for (const clock of clocks) {
      const left = Math.ceil((Date.parse(clock.dataset.countdown) - now()) / 1000);
      clock.hidden = false;
      if (left > 0) {
        const days = Math.floor(left / 86400);
        const rest = `${two(Math.floor((left % 86400) / 3600))}:${two(Math.floor((left % 3600) / 60))}:${two(left % 60)}`;
        const day = days > 0 ? `${days}${clock.dataset.days} ` : "";
        clock.textContent = `${clock.dataset.before || ""}${day}${rest}`;
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
