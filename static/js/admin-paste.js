"use strict";
// What is pasted or dropped into the editor of an article goes to the server first, which
// makes it ours and says what it left out; then its panel proposes where the parts of a
// page belong. One analysis for those with a script and those without.
(() => {
  const panel = document.querySelector("[data-tidying]");
  const form = document.getElementById("article_form");
  const body = form?.querySelector(".field-body");
  if (!panel || !body || !window.newsroom) return;
  const { paste, tidy, ...say } = panel.dataset; // addresses, and the sentences to say
  const list = panel.querySelector("[data-tidy-list]");
  body.append(panel);
  panel.classList.add("tidy--beside");

  const MOST_PICTURES = 20;
  const LARGEST = 10 * 1024 * 1024; // bytes of one picture, as the photo form takes them
  const { ask, editor, follow, take: upload, tell } = window.newsroom;

  const send = async (address, data) => {
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(address, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
    });
    if (!answer.ok && answer.status !== 413) throw new Error(String(answer.status));
    return answer.json();
  };

  // --- pasting ---------------------------------------------------------------------

  // pictures that lie in the text itself are taken out of it before anything is sent
  const liftPictures = (html) => {
    const files = [];
    const lifted = html.replace(
      /\bsrc\s*=\s*(["'])data:image\/(png|jpeg|gif|webp|bmp);base64,([^"'<>]*)\1/gi,
      (_all, _quote, kind, data) => {
        if (files.length >= MOST_PICTURES || data.length * 0.75 > LARGEST) return 'src=""';
        let bytes;
        try {
          bytes = Uint8Array.from(atob(data.replace(/\s/g, "")), (c) => c.charCodeAt(0));
        } catch {
          return 'src=""';
        }
        const type = kind.toLowerCase();
        const name = `paste-${files.length + 1}.${type === "jpeg" ? "jpg" : type}`;
        files.push(new File([bytes], name, { type: `image/${type}` }));
        return `src="paste:${files.length - 1}"`;
      },
    );
    return { lifted, files };
  };

  // the marks by which the editor knows its own text, so that it makes no links of words
  const insert = (html, at) => {
    const { view, state } = editor();
    if (at) {
      const size = state.doc.content.size;
      const [from, to] = [Math.min(at.from, size), Math.min(at.to, size)];
      editor().commands.setTextSelection({ from, to });
    }
    const data = new DataTransfer();
    // into an empty paragraph the first block comes whole: a signature stays at the right
    const isEmpty = !editor().state.selection.$from.parent.content.size;
    const open = isEmpty ? 0 : 99;
    data.setData("text/html", `<div data-pm-slice="${open} 99 []">${html}</div>`);
    data.setData("text/plain", " ");
    const event = new ClipboardEvent("paste", {
      clipboardData: data,
      bubbles: true,
      cancelable: true,
    });
    ours.add(event);
    view.dom.dispatchEvent(event);
  };
  const ours = new WeakSet();

  const escaped = (text) => {
    const box = document.createElement("p");
    box.textContent = text;
    return box.innerHTML;
  };
  const asParagraphs = (text) =>
    text
      .split(/[\r\n]+/)
      .filter((line) => line.trim())
      .map((line) => `<p>${escaped(line)}</p>`)
      .join("");

  // each picture that was taken stands in the place of its mark
  const MARK = /(<p>)?〔此处放照片(?:：[^〔〕]*)?〕(<\/p>)?/g;
  const withFigures = (html, photos, captions) => {
    let number = -1;
    return html.replace(MARK, (mark, opens, closes) => {
      number += 1;
      const photo = photos[number];
      if (!photo || !opens || !closes) return mark;
      const image = `<img src="${photo.medium}" alt="" data-file="${photo.key}">`;
      const words = escaped(captions[number]);
      return `<figure>${image}${words && `<figcaption>${words}</figcaption>`}</figure>`;
    });
  };

  const take = async (html, text, place) => {
    const stop = follow(place);
    const { lifted, files } = liftPictures(html);
    const data = new FormData();
    data.set(html ? "html" : "text", html ? lifted : text);
    tell([say.reading]);
    try {
      const made = await send(paste, data);
      if (made.refused) {
        insert(asParagraphs(text), stop());
        tell([made.refused]);
      } else {
        const lying = made.pictures.map(
          ({ name }) => files[Number(name.replace("paste:", "") || NaN)],
        );
        const wanted = lying.filter(Boolean);
        const captions = made.pictures.map((one) => one.caption);
        const { taken, refused } = await upload(
          wanted,
          captions.filter((_one, at) => lying[at]),
        );
        const photos = lying.map((file) => file && taken[wanted.indexOf(file)]);
        insert(withFigures(made.html, photos, captions), stop());
        const removed = made.removed.length
          ? [say.removed + made.removed.join("；") + "。"]
          : [];
        const kept = taken.filter(Boolean);
        tell([
          ...(removed.length ? removed : [say.nothing]),
          ...(kept.length ? [say.pictures.replace("%", kept.length)] : []),
          ...refused,
        ]);
        ask(kept);
      }
    } catch {
      insert(asParagraphs(text), stop());
      tell([say.failed]);
    }
    left().value = "";
    await look({});
  };

  // what was copied here moves as it is, photos too; only the widths that tables carry
  // would be refused. Marks of the editor in other text may be forged: it is read anew.
  let copied = "";
  for (const deed of ["copy", "cut"]) {
    body.addEventListener(deed, (event) => {
      if (!event.target.closest(".tiptap")) return;
      copied = event.clipboardData.getData("text/html");
    });
  }
  const isOwn = (html) => copied !== "" && html.includes(copied);
  const withoutStyles = (html) =>
    html.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-was="));

  body.addEventListener(
    "paste",
    (event) => {
      if (ours.has(event) || !event.target.closest(".tiptap") || !editor()) return;
      const html = event.clipboardData.getData("text/html");
      const text = event.clipboardData.getData("text/plain");
      if (!html && !text) return; // files alone
      event.preventDefault();
      event.stopImmediatePropagation();
      const { from, to } = editor().state.selection;
      if (isOwn(html)) {
        insertOwn(withoutStyles(copied), text);
      } else if (!html && !/[\r\n]/.test(text.trim())) {
        insert(`<p>${escaped(text)}</p>`);
      } else {
        take(html, text, { from, to });
      }
    },
    true,
  );

  const insertOwn = (html, text) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", {
      clipboardData: data,
      bubbles: true,
      cancelable: true,
    });
    ours.add(event);
    editor().view.dom.dispatchEvent(event);
  };

  body.addEventListener(
    "drop",
    (event) => {
      const view = editor()?.view;
      const html = event.dataTransfer?.getData("text/html");
      if (!view || view.dragging || !html || !event.target.closest(".tiptap")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
      const from = at ? at.pos : editor().state.selection.from;
      take(html, event.dataTransfer.getData("text/plain"), { from, to: from });
    },
    true,
  );

  // --- the panel ---------------------------------------------------------------------

  const left = () => list.querySelector("[name=_left]");

  const typed = (deed) => {
    const data = new FormData();
    for (const [name, value] of new FormData(form)) {
      if (!(value instanceof File)) data.append(name, value);
    }
    data.set("body", editor()?.getHTML() ?? form.elements.body.value);
    for (const [name, value] of Object.entries(deed)) data.set(name, value);
    return data;
  };

  const fill = (fields) => {
    for (const [name, value] of Object.entries(fields)) {
      const [, prefix, number] = name.match(/^(\w+)-(\d+)-/) ?? [];
      if (prefix) {
        const add = form.querySelector(`#${prefix}-group .add-row a`);
        for (let tries = 0; add && !form.elements[name] && tries <= number; tries++) {
          add.click();
        }
      }
      if (name === "body" && editor()) {
        editor().commands.setContent(value, { emitUpdate: true });
        continue;
      }
      const box = form.elements[name];
      if (!box || name.endsWith("-TOTAL_FORMS")) continue;
      if (box.type === "checkbox") box.checked = true;
      else box.value = value;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  const look = async (deed) => {
    try {
      const { fields, panel: drawn } = await send(tidy, typed(deed));
      fill(fields);
      list.innerHTML = drawn;
      const box = panel.querySelector("details");
      box.open = box.open || Boolean(list.querySelector("[data-kind]"));
      panel.classList.toggle("tidy--empty", !list.querySelector("[data-kind]"));
    } catch {
      tell([say.failedPanel]);
    }
  };

  let isBusy = false;
  panel.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=_tidy], button[name=_leave]");
    if (!button) return;
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    const { kind } = button.closest("[data-kind]")?.dataset ?? {};
    const after = button.closest("[data-kind]")?.nextElementSibling?.dataset.kind;
    await look({ [button.name]: button.value });
    isBusy = false;
    tell([button.name === "_leave" ? say.leftAlone : say.done]);
    const next =
      list.querySelector(`[data-kind="${after ?? kind}"] button`) ??
      list.querySelector("button");
    (next ?? panel.querySelector("summary")).focus();
  });
})();
