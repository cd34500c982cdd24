"use strict";
// The composition of a list while it is chosen: counts what is ticked. The server counts
// the same way and decides (honors.composition).
for (const form of document.querySelectorAll("[data-meter-form]")) {
  const boxes = [...form.querySelectorAll("[data-groups]")];
  const meters = form.querySelectorAll("[data-meter]");
  const count = () => {
    const on = boxes.filter((box) => box.checked && box.dataset.counts === "1");
    for (const meter of meters) {
      const { meter: group, bound, percent, said, kept, broken } = meter.dataset;
      const n = on.filter((box) => box.dataset.groups.split(" ").includes(group)).length;
      const share = on.length ? (100 * n) / on.length : 0;
      const limit = Number(percent) * on.length;
      const holds = bound === "floor" ? 100 * n >= limit : 100 * n <= limit;
      const words = said
        .replace("{total}", on.length)
        .replace("{n}", n)
        .replace("{percent}", share.toFixed(1));
      meter.textContent = `${words} ${holds ? kept : broken}`;
    }
  };
  if (boxes.length) form.addEventListener("change", count);
}
