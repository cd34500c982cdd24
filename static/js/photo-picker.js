"use strict";
// Hands the chosen picture to the editor that opened this window.
document.querySelectorAll("[data-picker]").forEach((list) => {
  list.addEventListener("click", (event) => {
    const photo = event.target.closest("button");
    if (!photo || !window.opener) return;
    window.opener.CKEDITOR.tools.callFunction(list.dataset.picker, photo.dataset.url, {
      id: photo.dataset.key,
      alternative_text: photo.dataset.alt,
      caption: photo.dataset.caption,
    });
    window.close();
  });
});
