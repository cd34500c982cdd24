"use strict";
// WeChat's own browser shows the page already, so there is nothing to scan: its menu
// sends it on. Told here and not by the server, whose kept pages are the same for all.
if (/MicroMessenger/i.test(navigator.userAgent)) {
  document.querySelectorAll("[data-wechat]").forEach((hint) => {
    hint.textContent = hint.dataset.wechat;
  });
}
