// Shows frames, one after the other, on a canvas: pixels are on it at once, where an <img> would go
// through the loading of a file. Tells Python where the pointer drew, and, while it plays,
// that a frame is on the screen and the next may come: so frames never queue up, and no page, no play.
// Once per page: what Python hands out, to keep as a file or to paste elsewhere.
function initialize({ model }) {
  model.on("msg:custom", ({ kind, name, type, text }, buffers) => {
    if (kind === "download") {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(buffers, { type }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } else if (kind === "copy") {
      const told = (done) => model.send({ kind: "copied", done });
      if (!navigator.clipboard) return told(false); // only on https and on this computer
      navigator.clipboard.writeText(text).then(() => told(true), () => told(false));
    }
  });
}

const PATIENCE = 60; // milliseconds between two messages of a stroke that is followed
const playing = new WeakMap(); // model -> the one view that asks for frames

function render({ model, el }) {
  const image = document.createElement("canvas");
  image.className = "stablegen-picture";
  image.setAttribute("role", "img");
  el.append(image);
  let timer = null;

  const askForNext = () => {
    clearTimeout(timer);
    if (!model.get("playing")) return playing.delete(model);
    if (!playing.has(model)) playing.set(model, image);
    if (playing.get(model) !== image) return;
    const { number } = model.get("frame"); // Python answers once for each frame: impatience makes no queue
    timer = setTimeout(() => model.send({ kind: "tick", number }), model.get("interval"));
  };

  const show = async () => {
    const { png, rgb, size, width, alt, number } = model.get("frame");
    if (number === undefined) return;
    const drawn = png ? await createImageBitmap(new Blob([png], { type: "image/png" })) : toImageData(rgb, size);
    if (number !== model.get("frame").number) return; // a newer one came meanwhile
    if (image.width !== drawn.width || image.height !== drawn.height) {
      Object.assign(image, { width: drawn.width, height: drawn.height }); // empties the canvas
    }
    const context = image.getContext("2d");
    if (png) context.drawImage(drawn, 0, 0);
    else context.putImageData(drawn, 0, 0);
    image.style.width = `${width}px`;
    image.setAttribute("aria-label", alt);
    image.classList.toggle("stablegen-pixels", width > drawn.width); // enlarged without blur
    image.dataset.number = number;
    askForNext();
  };

  const place = (event) => {
    const box = image.getBoundingClientRect();
    const inside = (value) => Math.min(1, Math.max(0, value));
    return [inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)];
  };
  let stroke = null;
  let told = 0; // when a stroke that is followed was last heard of
  const ends = () => [stroke[0], stroke[stroke.length - 1]];
  const finish = () => {
    if (stroke !== null) model.send({ kind: "stroke", points: model.get("following") ? ends() : stroke });
    stroke = null;
  };
  image.addEventListener("pointerdown", (event) => {
    if (!model.get("drawable")) return;
    event.preventDefault();
    image.setPointerCapture(event.pointerId);
    stroke = [place(event)];
  });
  image.addEventListener("pointermove", (event) => {
    if (stroke === null) return;
    stroke.push(place(event));
    if (!model.get("following") || event.timeStamp - told < PATIENCE) return;
    told = event.timeStamp;
    model.send({ kind: "stroke", points: ends() });
  });
  image.addEventListener("pointerup", finish);
  image.addEventListener("pointercancel", finish);

  const shape = () => image.classList.toggle("stablegen-drawable", model.get("drawable"));
  model.on("change:frame", show);
  model.on("change:playing", askForNext);
  model.on("change:drawable", shape);
  show();
  shape();
  const forgetNames = nameSliders(el);
  return () => {
    clearTimeout(timer);
    if (playing.get(model) === image) playing.delete(model);
    model.off("change:frame", show);
    model.off("change:playing", askForNext);
    model.off("change:drawable", shape);
    forgetNames();
  };
}

// A canvas wants four bytes for each pixel; three travel.
function toImageData(rgb, [width, height]) {
  const pixels = new ImageData(width, height);
  pixels.data.fill(255);
  for (let i = 0, to = 0; to < pixels.data.length; to += 4) {
    for (let colour = 0; colour < 3; colour++) pixels.data[to + colour] = rgb.getUint8(i++);
  }
  return pixels;
}

// The handle of an ipywidgets slider has no name of its own: screen readers would say only "slider".
function nameSliders(el) {
  const name = (panel) =>
    panel.querySelectorAll(".widget-slider").forEach((slider) => {
      const label = slider.querySelector(".widget-label")?.textContent ?? "";
      slider.querySelector('[role="slider"]')?.setAttribute("aria-label", label);
    });
  let watcher = null;
  const start = () => {
    const panel = el.closest(".stablegen-panel");
    if (panel === null) return;
    clearInterval(waiting);
    watcher = new MutationObserver(() => name(panel));
    watcher.observe(panel, { childList: true, subtree: true });
    name(panel);
  };
  const waiting = setInterval(start, 100);
  return () => {
    clearInterval(waiting);
    watcher?.disconnect();
  };
}

export default { initialize, render };
