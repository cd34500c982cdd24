"use strict";
// While something is done in the background, [data-progress] says how far it is: its
// address is asked once a second, and at the end the page is loaded again. Without this
// the page loads itself again by a <noscript>.
(() => {
  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const status = box.querySelector("[role=status]");
  const bar = box.querySelector("progress");

  const look = async () => {
    const answer = await fetch(box.dataset.progress, { cache: "no-store" });
    if (!answer.ok) return;
    const { done, is_over: isOver } = await answer.json();
    if (isOver) {
      location.reload();
    } else if (done !== null) {
      status.textContent = status.dataset.done.replace("{n}", done);
      if (bar.max > 1) bar.value = Math.min(done, bar.max);
    }
  };

  setInterval(() => look().catch(() => {}), 1000);
})();
