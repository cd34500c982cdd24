"use strict";
// Names, for people who hear the page, for what select2 and the editor build by script.
(() => {
  // The editor would add a style element, which the content policy forbids and the
  // console tells. It looks for one by name first: this one has the name and no effect.
  // The rules themselves stand in admin.css.
  const placeholder = document.createElementNS("", "style");
  placeholder.setAttribute("data-tiptap-style", "");
  document.head.append(placeholder);

  const labelOf = (id) => {
    const label = id && document.querySelector(`label[for="${CSS.escape(id)}"]`);
    return label ? label.textContent.trim().replace(/[:：]$/, "") : "";
  };
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  const nameEditors = () => {
    each(".prose-menubar [title]:not([data-named])", (button) => {
      button.dataset.named = "";
      button.title = gettext(button.title);
      if (button.title) button.setAttribute("aria-label", button.title);
      else {
        button.textContent = gettext(button.textContent); // it shows its words
        button.removeAttribute("aria-label");
      }
    });
    each(".prose-menubar__option:not([data-named])", (option) => {
      option.dataset.named = "";
      const text = option.firstElementChild || option;
      text.textContent = gettext(text.textContent);
    });
    each(".tiptap:not([aria-label])", (editor) => {
      const area = editor.closest(".prose-editor")?.querySelector("textarea");
      const name = labelOf(area?.id) || area?.getAttribute("aria-label") || "正文";
      editor.setAttribute("aria-label", name);
    });
  };

  const nameChoices = () => {
    each("select.admin-autocomplete", (select) => {
      const box = select.parentNode.querySelector(".select2-selection");
      if (!box || box.dataset.named) return;
      const name = labelOf(select.id) || select.getAttribute("aria-label") || "选择";
      box.dataset.named = "1";
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", name);
      box.setAttribute("aria-controls", `select2-${select.id}-results`);
      box.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", name);
    });
    each(".select2-search__field:not([aria-label])", (field) => {
      field.setAttribute("aria-label", "搜索");
    });
  };

  const nameDeleteBoxes = () => {
    each("td.delete input:not([aria-label])", (box) => {
      box.setAttribute("aria-label", gettext("Delete"));
    });
  };

  // the box that searches among roles has its name on a span, where it is not allowed
  const nameSearches = () => {
    each(".selector-filter label span[aria-label]", (span) => {
      const box = span.closest(".selector-filter").querySelector("input");
      box?.setAttribute("aria-label", span.getAttribute("aria-label"));
      span.removeAttribute("aria-label");
    });
  };

  const name = () => {
    nameSearches();
    nameEditors();
    nameChoices();
    nameDeleteBoxes();
  };
  document.addEventListener("DOMContentLoaded", () => {
    name();
    new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  });
})();
