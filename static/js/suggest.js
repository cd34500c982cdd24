"use strict";
// What others are looking for, while somebody types into a box with data-suggest. Without
// this file the box is an ordinary one; whatever is suggested can be ignored.
(() => {
  const PAUSE = 250;
  let number = 0;

  for (const box of document.querySelectorAll("input[data-suggest]")) {
    const list = document.createElement("ul");
    list.id = `suggest-${(number += 1)}`;
    list.className = "suggest";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "搜索建议");
    list.hidden = true;
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");
    box.after(list);

    let waiting = 0;
    let asked = "";
    let chosen = -1;

    const close = () => {
      list.hidden = true;
      chosen = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };
    const choose = (index) => {
      const options = [...list.children];
      chosen = (index + options.length) % options.length;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
      box.setAttribute("aria-activedescendant", options[chosen].id);
    };
    const take = (option) => {
      box.value = option.textContent;
      close();
      box.form.requestSubmit();
    };
    const show = (texts) => {
      list.replaceChildren(
        ...texts.map((text, at) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${at}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.textContent = text;
          return option;
        }),
      );
      chosen = -1;
      list.hidden = texts.length === 0;
      box.setAttribute("aria-expanded", String(texts.length > 0));
    };
    const ask = async () => {
      asked = box.value.trim();
      if (!asked) return close();
      const question = asked;
      try {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(question)}`);
        if (!answer.ok || question !== asked || document.activeElement !== box) return;
        show((await answer.json()).suggestions);
      } catch {
        close(); // no network: nothing is suggested
      }
    };

    box.addEventListener("input", (event) => {
      clearTimeout(waiting);
      if (!event.isComposing) waiting = setTimeout(ask, PAUSE);
    });
    box.addEventListener("compositionend", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE);
    });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        choose(event.key === "ArrowDown" ? chosen + 1 : (chosen < 0 ? 0 : chosen) - 1);
        event.preventDefault();
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        take(list.children[chosen]);
      } else if (event.key === "Escape") {
        close();
      }
    });
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("li");
      if (!option) return;
      event.preventDefault(); // the box keeps the focus
      take(option);
    });
    box.addEventListener("blur", close);
  }
})();
