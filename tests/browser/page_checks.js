// What can be measured on a page. Evaluated in it, with axe-core.
window.checks = (() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const name = (element) => {
    const words = (element.innerText || element.value || element.name || "").trim();
    const kind = element.className && element.className.baseVal === undefined
      ? `.${[...element.classList].join(".")}` : "";
    return `${element.tagName.toLowerCase()}${kind} “${words.slice(0, 20)}”`;
  };
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !element.closest(".vh, .skip:not(:focus)");
  const own = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());

  // The page may not be pushed sideways; what sticks out is named.
  const sideways = () => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const out = all("body *").filter(
      (e) => isSeen(e) && e.getBoundingClientRect().right > clientWidth + 1,
    );
    return [`${scrollWidth} px wide: ${out.slice(-1).map(name)}`];
  };

  // Words may not be cut off, but for titles that are cut on purpose (with “…”).
  const cut = () =>
    all("body *").filter((element) => {
      if (element.clientWidth < 2 || !isSeen(element)) return false;
      const style = getComputedStyle(element);
      if (style.clipPath !== "none") return false; // for who hears the page only
      if (style.overflowX === "visible" && style.overflowY === "visible") return false;
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") return false;
      if (!element.innerText?.trim() || /^(select|input|textarea)$/i.test(element.tagName))
        return false;
      const hides = (axis) => /hidden|clip/.test(axis);
      return (
        (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1) ||
        (hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1)
      );
    }).map((element) => `cut: ${name(element)}`);

  // A link in a sentence is as high as its line, and may be (WCAG 2.5.8, “inline”).
  const isInSentence = (link) => {
    if (!/^inline$/.test(getComputedStyle(link).display)) return false;
    const around = link.closest("p, li, dd, td, span, figcaption, label, div");
    return around && around.textContent.trim().length > link.textContent.trim().length;
  };
  // What a finger meets: the control, its label, and what is laid over it.
  const hits = (target, x, y) => {
    const met = document.elementFromPoint(x, y);
    return Boolean(met) && (target.contains(met) || met.closest("label")?.control === target);
  };
  const tooSmall = (least) =>
    all("a[href], button, input:not([type=hidden]), select, textarea, summary")
      .filter((element) => {
        const target =
          (/^(checkbox|radio|file)$/.test(element.type) && element.closest("label")) ||
          (/^(checkbox|radio)$/.test(element.type) && element.labels?.[0]) || element;
        if (!isSeen(target) || element.disabled) return false;
        if (element.matches("a") && isInSentence(element)) return false;
        const box = target.getBoundingClientRect();
        if (box.width >= least - 0.5 && box.height >= least - 0.5) return false;
        element.scrollIntoView({ block: "center", behavior: "instant" });
        const now = target.getBoundingClientRect();
        const x = now.x + now.width / 2, y = now.y + now.height / 2, far = least / 2 - 1;
        return ![[x - far, y], [x + far, y], [x, y - far], [x, y + far]].every(
          ([h, v]) => hits(element, h, v) || hits(target, h, v),
        );
      })
      .map((element) => {
        const box = element.getBoundingClientRect();
        return `${Math.round(box.width)}×${Math.round(box.height)}: ${name(element)}`;
      });

  // Large print: what one reads is 24 px high and its lines stand apart; the titles of
  // a page and its sections are 30 to 32. Chips, figures and titles of cards may differ.
  const smallPrint = () =>
    all("main :is(p, li, dd, td, label, legend, h1, h2, h3, .btn, .prose *)")
      .filter((e) => own(e) && isSeen(e) && !e.closest(".chip, .datebox, .stats"))
      .flatMap((element) => {
        const style = getComputedStyle(element);
        const size = parseFloat(style.fontSize);
        const wrong = [];
        if (size < 24) wrong.push(`only ${size} px`);
        if (element.matches("h1, h2, h3:not([class*='__t'])") && (size < 30 || size > 32))
          wrong.push(`a title of ${size} px`);
        if (size <= 32 && parseFloat(style.lineHeight) < size * 1.5 - 0.1)
          wrong.push(`lines of ${parseFloat(style.lineHeight) / size}`);
        return wrong.map((words) => `${words}: ${name(element)}`);
      });

  // What moves, or would when one follows a link within the page.
  const moving = () => {
    const smooth = getComputedStyle(document.documentElement).scrollBehavior === "smooth";
    return [
      ...document.getAnimations().map((each) => `moves: ${name(each.effect.target)}`),
      ...(smooth ? ["moves: the page glides"] : []),
    ];
  };

  // Pictures keep the shape they have, or are cut to that of their box.
  const stretched = () =>
    all("img").filter((image) => {
      if (!isSeen(image) || !image.naturalWidth || !image.clientWidth) return false;
      if (getComputedStyle(image).objectFit !== "fill") return false;
      const is = image.naturalWidth / image.naturalHeight;
      return Math.abs(image.clientWidth / image.clientHeight / is - 1) > 0.03;
    }).map((image) => `stretched: ${image.currentSrc.slice(-60)}`);

  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const serious = async () => {
    const found = await axe.run({
      resultTypes: ["violations"],
      preload: false, // styles of other hosts, of which there are none
      runOnly: { type: "tag", values: tags },
    });
    return found.violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target}`));
  };

  // All of it; targets are measured where fingers are.
  const everything = async (byAxe) => {
    const isLarge = document.documentElement.dataset.display.includes("elder");
    const wrong = [...sideways(), ...cut(), ...stretched(), ...(byAxe ? await serious() : [])];
    if (isLarge) wrong.push(...smallPrint(), ...moving());
    if (isLarge || innerWidth < 900) wrong.push(...tooSmall(isLarge ? 60 : 44));
    scrollTo(0, 0);
    return wrong;
  };

  return { sideways, cut, stretched, serious, everything };
})();
