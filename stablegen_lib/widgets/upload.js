// A button for a file of one's own. What is too large for the connection is never sent: the connection
// would break, and say nothing. Python hears of it instead.
function render({ model, el }) {
  const field = document.createElement("input");
  field.type = "file";
  field.accept = model.get("accept");
  const push = document.createElement("button");
  push.className = "jupyter-widgets jupyter-button widget-upload";
  push.textContent = model.get("description");
  push.title = model.get("tooltip");
  push.addEventListener("click", () => {
    field.value = ""; // so that the same file can be chosen again
    field.click();
  });
  field.addEventListener("change", async () => {
    const [file] = field.files;
    if (file === undefined) return;
    const { name, size } = file;
    if (size > model.get("most")) return model.send({ kind: "too large", name, size });
    try {
      model.send({ kind: "file", name, size }, undefined, [await file.arrayBuffer()]);
    } catch {
      model.send({ kind: "unreadable", name, size }); // taken away, or no permission
    }
  });
  el.append(push);
}

export default { render };
