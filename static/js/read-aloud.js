"use strict";
// Reads an article aloud: its title, the editor's note, then the text. Nothing is spoken
// before somebody asks for it, and nothing is shown where no voice speaks Chinese.
//
// Piece by piece, for browsers are full of traps: Chrome falls silent after some fifteen
// seconds of one utterance, and on Android “pause” ends it. So a piece is short enough,
// a pause is a stop that remembers the piece, and a piece that neither ends nor fails is
// given up after a while.
(() => {
  const LONGEST = 50; // characters: about eleven seconds
  const READ = ".art h1, .ednote p, .prose :is(p, h2, h3, h4, li, tr)";
  const NOT_READ = "figure, .byline";

  const start = document.querySelector("[data-aloud]");
  const synth = window.speechSynthesis;
  if (!start || !synth || !window.SpeechSynthesisUtterance) return;
  const bar = document.querySelector("[data-aloud-bar]");
  const toggle = bar.querySelector("[data-aloud-toggle]");
  const stopper = bar.querySelector("[data-aloud-stop]");
  const status = document.querySelector("[data-aloud-status]");
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");

  let pieces = [];
  let at = 0;
  let spoken = null; // kept: a browser may collect it in the middle of a word
  let state = "stopped";
  let patience = 0;

  // Mandarin of the mainland before other Mandarin; Android writes zh_CN.
  function voice() {
    const chinese = synth
      .getVoices()
      .filter((one) => /^(zh|cmn)\b/i.test(one.lang.replace("_", "-")))
      .filter((one) => !/hk|yue/i.test(one.lang));
    return chinese.find((one) => /cn|hans/i.test(one.lang)) ?? chinese[0];
  }

  function words(element) {
    const copy = element.cloneNode(true);
    copy.querySelector(".ednote__k")?.append("：");
    const cells = copy.cells ? Array.from(copy.cells, (cell) => cell.textContent) : null;
    const text = cells ? cells.join("，") : copy.textContent;
    return text.replace(/[□■○●◇◆☆★△▲]/g, "").replace(/\s+/g, " ").trim();
  }

  // Whole sentences together as long as they are short; a long one by its clauses.
  function split(text, ends = /(?<=[。！？；!?;])/) {
    const parts = [];
    for (const part of text.split(ends)) {
      const last = parts.at(-1);
      if (part.length > LONGEST && ends.source.includes("。")) {
        parts.push(...split(part, /(?<=[，、：,:])/));
      } else if (last !== undefined && last.length + part.length <= LONGEST) {
        parts[parts.length - 1] = last + part;
      } else {
        parts.push(part);
      }
    }
    return parts;
  }

  function everything() {
    const elements = Array.from(document.querySelectorAll(READ)).filter(
      (one) => !one.closest(NOT_READ) && !one.parentElement.closest("li, tr"),
    );
    return elements.flatMap((element) =>
      split(words(element))
        .filter((text) => /[\p{L}\p{N}]/u.test(text))
        .map((text) => ({ element, text })),
    );
  }

  function mark(element) {
    const before = document.querySelector(".is-read");
    if (before === element) return;
    before?.classList.remove("is-read");
    if (!element) return;
    element.classList.add("is-read");
    const { top, bottom } = element.getBoundingClientRect();
    if (top < bar.offsetHeight || bottom > innerHeight * 0.85) {
      element.scrollIntoView({
        block: bottom - top > innerHeight * 0.7 ? "start" : "center",
        behavior: isStill.matches ? "instant" : "smooth",
      });
    }
  }

  function say() {
    const piece = pieces[at];
    if (!piece) {
      become("stopped", status.dataset.done);
      return;
    }
    mark(piece.element);
    const utterance = new SpeechSynthesisUtterance(piece.text);
    utterance.voice = voice() ?? null;
    utterance.lang = utterance.voice?.lang ?? "zh-CN";
    utterance.onend = () => utterance === spoken && next();
    utterance.onerror = () => utterance === spoken && become("stopped", status.dataset.failed);
    spoken = utterance;
    patience = 5 + piece.text.length / 2; // seconds
    synth.resume(); // another page may have left it paused
    synth.speak(utterance);
  }

  function next() {
    at += 1;
    say();
  }

  function become(now, told) {
    state = now;
    if (now !== "reading") {
      spoken = null;
      synth.cancel();
    }
    const hadFocus = bar.contains(document.activeElement);
    bar.hidden = now === "stopped";
    start.hidden = now !== "stopped";
    toggle.textContent = now === "paused" ? toggle.dataset.continue : toggle.dataset.pause;
    status.classList.toggle("vh", told !== status.dataset.failed);
    status.textContent = told ?? "";
    if (now === "stopped") {
      mark(null);
      if (hadFocus) start.focus({ preventScroll: true });
    }
  }

  start.addEventListener("click", () => {
    pieces = everything();
    at = 0;
    synth.cancel();
    become("reading", status.dataset.reading);
    toggle.focus({ preventScroll: true });
    say();
  });
  toggle.addEventListener("click", () => {
    if (state === "reading") {
      become("paused", status.dataset.paused);
    } else {
      become("reading", status.dataset.reading);
      say();
    }
  });
  stopper.addEventListener("click", () => become("stopped", status.dataset.stopped));
  addEventListener("pagehide", () => become("stopped"));

  setInterval(() => {
    if (state !== "reading") return;
    patience -= 1;
    if (patience > 0) return;
    spoken = null;
    synth.cancel();
    next();
  }, 1000);

  // Voices come late, with an event in most browsers and without one in some.
  const show = () => {
    if (state === "stopped") start.hidden = !voice();
  };
  show();
  synth.addEventListener?.("voiceschanged", show);
  setTimeout(show, 1000);
  setTimeout(show, 4000);
})();
