"use strict";
// Pictures that are dropped or pasted into the editor of an article, or chosen by its
// button: each goes up at once, becomes a row of 照片 and stands where the cursor was; then
// one is asked for the words that go with it. Without a script the rows take files.
(() => {
  const dialog = document.querySelector("[data-picture-words]");
  const form = document.getElementById("article_form");
  const body = form?.querySelector(".field-body");
  const panel = document.querySelector("[data-tidying]");
  if (!dialog || !body || !panel) return;
  const status = panel.querySelector("[role=status]");
  const say = dialog.dataset;
  const LARGEST = 10 * 1024 * 1024; // bytes of one picture, as the server takes them
  const KINDS = /^image\/(jpeg|png|webp|gif|bmp)$/;
  const editor = () => body.querySelector(".tiptap")?.editor;
  const isPicture = (file) => KINDS.test(file.type);

  const tell = (sentences) => {
    status.replaceChildren(
      ...sentences.map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        return line;
      }),
    );
  };

  // where something belongs, though somebody types on meanwhile
  const follow = (place) => {
    const moved = { ...place };
    const map = ({ transaction }) => {
      moved.from = transaction.mapping.map(moved.from);
      moved.to = transaction.mapping.map(moved.to);
    };
    editor().on("transaction", map);
    return () => {
      editor().off("transaction", map);
      return moved;
    };
  };

  const upload = async (address, file) => {
    const data = new FormData();
    data.set("file", file, file.name || "paste");
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(address, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const made = await answer.json();
      return answer.ok || made.refused ? made : { refused: say.lost };
    } catch {
      return { refused: say.lost };
    }
  };

  // the last row of an inline, made anew; null where there may be no more
  const newRow = (prefix) => {
    form.querySelector(`#${prefix}-group .add-row a`)?.click();
    const rows = form.querySelectorAll(`[id^="${prefix}-"].inline-related:not(.empty-form)`);
    return rows[rows.length - 1] ?? null;
  };
  const box = (row, name) => row.querySelector(`[name$="-${name}"]`);

  // the row whose words wait for this picture: with a mark's caption, or else with any
  const waitingRow = (caption) => {
    const waiting = [...form.querySelectorAll("[id^=articlephoto-].inline-related")].filter(
      (row) =>
        !row.classList.contains("empty-form") &&
        !box(row, "key").value &&
        !box(row, "file")?.files.length &&
        box(row, "caption").value.trim(),
    );
    return waiting.find((row) => box(row, "caption").value.trim() === caption) ?? waiting[0];
  };

  const keep = (made, file, caption, isMarked) => {
    const row = (isMarked && waitingRow(caption)) || newRow("articlephoto");
    if (!row) return null;
    box(row, "key").value = made.key;
    box(row, "receipt").value = made.receipt;
    if (caption && !box(row, "caption").value) {
      box(row, "caption").value = caption.slice(0, 200);
    }
    const name = row.querySelector(".filebox__name");
    if (name) name.textContent = file.name;
    const image = document.createElement("img");
    Object.assign(image, { src: made.small, alt: "", width: 160 });
    row.querySelector(".field-picture .readonly")?.replaceChildren(image);
    return { ...made, row };
  };

  // upload and keep: the pictures that were taken, in order, null for each other one
  const take = async (files, captions = [], isMarked = false) => {
    const taken = [];
    const refused = [];
    for (const [number, file] of files.entries()) {
      tell([say.going.replace("%n", number + 1).replace("%m", files.length)]);
      const made =
        file.size > LARGEST ? { refused: say.large } : await upload(panel.dataset.upload, file);
      if (made.refused) refused.push(`${file.name || say.one}：${made.refused}`);
      const fits = isMarked && number < captions.length;
      taken.push(made.refused ? null : keep(made, file, captions[number], fits));
    }
    return { taken, refused };
  };

  const node = ({ key, medium, row }) => {
    const caption = box(row, "caption").value.trim();
    const words = caption ? [{ type: "caption", content: [{ type: "text", text: caption }] }] : [];
    return {
      type: "figure",
      content: [{ type: "image", attrs: { src: medium, alt: "", file: key } }, ...words],
    };
  };

  // The marks that wait for pictures: from the one that holds the cursor on, or all of
  // them where nobody has put the cursor anywhere since the text was pasted.
  const MARK = /^〔此处放照片(?:：([^〔〕]*))?〕$/;
  const marksAt = ({ to }, isOfButton) => {
    const { doc } = editor().state;
    const marks = [];
    doc.forEach((block, from) => {
      const found = block.isTextblock && MARK.exec(block.textContent.trim());
      if (found) marks.push({ from, to: from + block.nodeSize, caption: (found[1] ?? "").trim() });
    });
    const held = marks.findIndex((mark) => mark.from <= to && to <= mark.to);
    if (held >= 0) return marks.slice(held);
    return isOfButton && to >= doc.content.size - 1 ? marks : [];
  };

  const place = async (files, at, before = [], isOfButton = false) => {
    const stop = follow(at);
    const captions = marksAt(at, isOfButton).map((mark) => mark.caption);
    const { taken, refused } = await take(files, captions, true);
    const photos = taken.filter(Boolean);
    const now = stop();
    const marks = captions.length ? marksAt(now, isOfButton).slice(0, photos.length) : [];
    const rest = photos.slice(marks.length);
    const end = marks.at(-1)?.to ?? Math.min(now.to, editor().state.doc.content.size);
    if (rest.length) editor().commands.insertContentAt(end, rest.map(node));
    for (const [number, mark] of [...marks.entries()].reverse()) {
      editor().commands.insertContentAt({ from: mark.from, to: mark.to }, node(photos[number]));
    }
    tell([
      ...before,
      ...refused,
      ...(photos.length ? [say.placed.replace("%", photos.length)] : []),
    ]);
    ask(photos);
  };

  // --- the words that go with them ------------------------------------------------------

  let asked = [];
  const list = dialog.querySelector("[data-list]");
  const sample = dialog.querySelector("template");
  const FIELDS = ["alt", "caption", "credit"];

  const ask = (photos) => {
    if (!photos.length || dialog.open) return;
    asked = photos.map((photo, number) => {
      const part = sample.content.firstElementChild.cloneNode(true);
      part.querySelector("img").src = photo.small;
      for (const name of FIELDS) {
        const input = part.querySelector(`[data-word=${name}]`);
        input.value = box(photo.row, name).value;
        input.id = `picture-words-${number}-${name}`;
        input.closest("p").querySelector("label").htmlFor = input.id;
        const help = input.closest("p").querySelector(".help");
        if (!help) continue;
        help.id = `${input.id}-help`;
        input.setAttribute("aria-describedby", help.id);
      }
      const tick = part.querySelector("[data-word=is_decorative]");
      tick.addEventListener("change", () => {
        part.querySelector("[data-word=alt]").disabled = tick.checked;
      });
      return { photo, part };
    });
    list.replaceChildren(...asked.map(({ part }) => part));
    dialog.returnValue = "";
    dialog.showModal();
    list.querySelector("[data-word=alt]").focus();
  };

  // the picture in the text says what its row says
  const redraw = (key, alt, caption) =>
    editor().commands.command(({ tr, state }) => {
      let isDone = false;
      state.doc.descendants((found, at) => {
        if (isDone || found.type.name !== "figure") return !isDone;
        const image = found.firstChild;
        if (image?.attrs.file !== key) return false;
        isDone = true;
        const { figure, caption: words } = state.schema.nodes;
        const parts = [image.type.create({ ...image.attrs, alt })];
        if (caption) parts.push(words.create(null, state.schema.text(caption)));
        tr.replaceWith(at, at + found.nodeSize, figure.create(found.attrs, parts));
        return false;
      });
      return true;
    });

  dialog.addEventListener("close", () => {
    for (const { photo, part } of asked) {
      const said = (name) => part.querySelector(`[data-word=${name}]`).value.trim();
      if (dialog.returnValue !== "done") continue;
      for (const name of FIELDS) box(photo.row, name).value = said(name);
      const { checked } = part.querySelector("[data-word=is_decorative]");
      box(photo.row, "is_decorative").checked = checked;
      const credit = said("credit") ? `（${said("credit")}）` : "";
      redraw(photo.key, checked ? "" : said("alt"), said("caption") + credit);
    }
    asked = [];
    editor()?.commands.focus();
  });

  // --- ways in --------------------------------------------------------------------------

  const here = () => {
    const { from, to } = editor().state.selection;
    return { from, to };
  };

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button picture-add";
  button.textContent = say.button;
  button.addEventListener("click", () => {
    const chooser = document.createElement("input");
    Object.assign(chooser, { type: "file", multiple: true, accept: say.accept });
    chooser.addEventListener("change", () => place([...chooser.files], here(), [], true));
    chooser.click();
  });
  // the editor is drawn when the page is loaded
  const show = () => body.querySelector(".prose-editor")?.after(button);
  if (editor()) show();
  else window.addEventListener("load", show);

  const carriesFiles = (data) => [...(data?.types ?? [])].includes("Files");
  // a file that misses the text would otherwise take the place of the whole page
  for (const deed of ["dragover", "drop"]) {
    form.addEventListener(deed, (event) => {
      if (carriesFiles(event.dataTransfer) && !event.target.matches("input[type=file]")) {
        event.preventDefault();
      }
    });
  }
  form.addEventListener(
    "drop",
    (event) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      const view = editor()?.view;
      if (!files.length || !view || event.target.matches("input[type=file]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const found =
        event.target.closest(".tiptap") &&
        view.posAtCoords({ left: event.clientX, top: event.clientY });
      const at = found ? { from: found.pos, to: found.pos } : here();
      window.newsroom.receive(files, at);
    },
    true,
  );

  // files of a clipboard; words that come along (Word draws a picture of them) go first
  const hasWords = (html) =>
    new DOMParser()
      .parseFromString(html.replace(/<style[\s\S]*?<\/style>|\sstyle\s*=/gi, " data-was="), "text/html")
      .body.textContent.trim() !== "";
  body.addEventListener(
    "paste",
    (event) => {
      const data = event.clipboardData;
      const files = [...(data?.files ?? [])];
      if (!files.length || !event.target.closest(".tiptap") || !editor()) return;
      if (data.getData("text/plain").trim() || hasWords(data.getData("text/html"))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      window.newsroom.receive(files, here());
    },
    true,
  );

  // documents and films: rows of their own, whatever the cursor is in
  const LARGEST_FILE = 18 * 1024 * 1024;
  const attach = async (files) => {
    const said = [];
    let taken = 0;
    for (const [number, file] of files.entries()) {
      tell([say.attaching.replace("%n", number + 1).replace("%m", files.length)]);
      const made =
        file.size > LARGEST_FILE ? { refused: say.largeFile } : await upload(say.attach, file);
      const row = made.refused ? null : newRow("articlefile");
      if (!row) {
        said.push(`${file.name}：${made.refused ?? say.lost}`);
        continue;
      }
      for (const name of ["key", "receipt", "name"]) box(row, name).value = made[name];
      const shown = row.querySelector(".field-download .readonly");
      if (shown) shown.textContent = made.said;
      taken += 1;
    }
    if (taken) said.push(say.attached.replace("%", taken));
    return said;
  };

  const receive = async (files, at) => {
    const others = files.filter((file) => !isPicture(file));
    const pictures = files.filter(isPicture);
    const said = others.length ? await attach(others) : [];
    if (pictures.length) await place(pictures, at, said);
    else tell(said);
  };

  window.newsroom = { ask, box, editor, follow, newRow, place, receive, take, tell, upload };
})();
