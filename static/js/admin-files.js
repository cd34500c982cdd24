"use strict";
// A box for a file speaks Chinese: the browser's own lies unseen over a button of ours and
// still takes the click, the key and the dropped file.
(() => {
  const dress = () =>
    document.querySelectorAll("input[type=file]:not(.filebox *)").forEach((input) => {
      const box = document.createElement("span");
      const button = document.createElement("span");
      const name = document.createElement("span");
      box.className = "filebox";
      button.className = "filebox__button";
      name.className = "filebox__name";
      const isPicture = input.accept.startsWith("image/");
      button.textContent = isPicture ? "选择照片" : "选择文件";
      name.textContent = input.dataset.kept || (isPicture ? "未选择照片" : "未选择文件");
      button.setAttribute("aria-hidden", "true");
      input.replaceWith(box);
      box.append(input, button, name);
    });
  document.addEventListener("change", (event) => {
    const name = event.target.closest(".filebox")?.querySelector(".filebox__name");
    const chosen = [...(event.target.files ?? [])].map((file) => file.name);
    if (name && chosen.length) name.textContent = chosen.join("、");
  });
  document.addEventListener("DOMContentLoaded", dress);
})();
