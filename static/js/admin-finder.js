// Ctrl+K or / leads to the command box of the back office; on the page of what was found
// the arrows go from one to the next. Without it the box is an ordinary form.
(() => {
  const box = document.querySelector("[data-finder]");
  if (!box) return;
  const isTyping = (element) =>
    element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  const found = () => [...document.querySelectorAll("[data-found] li a")];

  document.addEventListener("keydown", (event) => {
    const isKey = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const isSlash = event.key === "/" && !isTyping(event.target);
    if (isKey || isSlash) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const stops = [box, ...found()];
      const at = stops.indexOf(document.activeElement);
      const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (at < 0 || !next) return;
      event.preventDefault();
      next.focus();
    }
  });
})();
