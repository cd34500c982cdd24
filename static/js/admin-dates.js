"use strict";
// The calendar says 2026年12月; who is not on Beijing time is told so once a form.
(() => {
  const calendar = window.CalendarNamespace;
  const shortcuts = window.DateTimeShortcuts;
  if (!calendar || !shortcuts) return;

  const draw = calendar.draw;
  calendar.draw = (month, year, id, ...rest) => {
    draw(month, year, id, ...rest);
    const caption = document.getElementById(id).querySelector("caption");
    caption.textContent = `${year}年${month}月`;
  };

  shortcuts.addTimezoneWarning = (box) => {
    const hours = shortcuts.timezoneOffset / 3600;
    if (!hours || !box.form || box.form.querySelector(".timezone")) return;
    const words =
      hours > 0
        ? ["Note: You are %s hour ahead of server time.", "Note: You are %s hours ahead of server time."]
        : ["Note: You are %s hour behind server time.", "Note: You are %s hours behind server time."];
    const told = document.createElement("p");
    told.className = "timezone";
    told.textContent = interpolate(ngettext(...words, Math.abs(hours)), [Math.abs(hours)]);
    box.closest(".inline-group, fieldset").before(told);
  };
})();
