// What a person meets on a page of the back office, and what is wrong with it:
// words: all that is shown or said; small: targets under 24 px (WCAG 2.5.8; a link in a
// sentence may be smaller); unnamed: controls without a name; invisible: links that look
// like text; undated: parts of a moment without a label of their own in sight.
() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    element.getBoundingClientRect().width > 1 &&
    !element.closest(".visually-hidden, .skip-to-content-link, .select2-hidden-accessible");
  const call = (element) =>
    `${element.tagName.toLowerCase()} ${element.innerText?.slice(0, 20) ?? ""} ` +
    `${element.className}#${element.id}`;

  // the letters of an icon font are drawn as a picture, which has a name of its own
  const words = [document.title];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    if (around.closest("script, style, .material-icons")) continue;
    if (around.checkVisibility()) words.push(texts.currentNode.data);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    all(`[${name}]`).forEach((element) => words.push(element.getAttribute(name)));
  all("input:is([type=submit], [type=button])").forEach((box) => words.push(box.value));
  all("option").forEach((option) => words.push(option.text));

  const isInSentence = (link) => {
    const around = link.parentElement;
    return (
      link.tagName === "A" &&
      getComputedStyle(link).display === "inline" &&
      around.innerText.trim().length > link.innerText.trim().length + 4
    );
  };
  const boxOf = (control) => {
    const label = control.labels?.[0];
    const rect = control.getBoundingClientRect();
    if (!/checkbox|radio/.test(control.type) || !label?.contains(control)) return rect;
    return label.getBoundingClientRect();
  };
  const controls = all(
    "a[href], button, summary, select, textarea, input:not([type=hidden])"
  ).filter(isSeen);
  const small = controls
    .filter((control) => {
      const { width, height } = boxOf(control);
      return Math.min(width, height) < 23.95 && !isInSentence(control);
    })
    .map((control) => {
      const { width, height } = boxOf(control);
      return `${call(control)} ${width.toFixed(0)}×${height.toFixed(0)}`;
    });

  const nameOf = (control) =>
    control.getAttribute("aria-label") ||
    (control.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "")
      .join("") ||
    [...(control.labels ?? [])].map((label) => label.textContent).join("") ||
    (/submit|button/.test(control.type) ? control.value : "") ||
    control.textContent ||
    control.title ||
    [...control.querySelectorAll("[title], [alt]")].map((e) => e.title || e.alt).join("");
  const unnamed = controls.filter((control) => !nameOf(control).trim()).map(call);

  const isMarked = (link) => {
    const style = getComputedStyle(link);
    return (
      style.textDecorationLine.includes("underline") ||
      parseFloat(style.borderTopWidth) > 0 ||
      link.classList.contains("section")
    );
  };
  const invisible = all("#content a[href]")
    .filter((link) => isSeen(link) && link.innerText.trim() && !isMarked(link))
    .filter((link) => !link.closest(".facet, .select2-container"))
    .map(call);

  const undated = all(":is(.datetime) input:is(.vDateField, .vTimeField)")
    .filter(isSeen)
    .filter((box) => {
      const seen = [...box.labels].find((label) => isSeen(label) && box.parentElement.contains(label));
      const name = box.getAttribute("aria-label") ?? "";
      return !seen || !name.endsWith(seen.innerText.trim()) || name === seen.innerText.trim();
    })
    .map(call);

  return { words, small, unnamed, invisible, undated };
}
