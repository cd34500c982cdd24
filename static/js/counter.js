"use strict";
// Says under a text with a limit how many characters it has, as one types. The server
// counts the same way (common.letters.count): blanks and line ends are none.
for (const box of document.querySelectorAll("textarea[data-most]")) {
  const said = document.querySelector(`#${box.id}_helptext [data-count]`);
  if (!said) continue;
  const count = () => {
    const number = [...box.value.replace(/[\s\p{Cf}]/gu, "")].length;
    said.textContent = number;
    said.classList.toggle("is-over", number > Number(box.dataset.most));
  };
  box.addEventListener("input", count);
  count();
}
