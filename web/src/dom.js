// Small helpers for pages: make an element, fetch a file and say how far it is.

/**
 * @param {string} tag
 * @param {Record<string, any>} [properties] attributes with a dash or of aria are set as attributes
 * @param {(Node | string)[]} children
 * @returns {any}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
    else Object.assign(made, { [name]: value });
  }
  made.append(...children);
  return made;
}

/**
 * A control with its label before it.
 * @param {string} text
 * @param {HTMLElement} control
 * @param {(Node | string)[]} after
 */
export function labelled(text, control, ...after) {
  return element(
    "div",
    { className: "control" },
    element("label", {}, element("span", {}, text), control),
    ...after,
  );
}

/**
 * @param {string} text
 * @param {() => void} action
 */
export function button(text, action) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", action);
  return made;
}

/**
 * @param {[string, string][]} options value and text
 */
export function menu(options) {
  return element("select", {}, ...options.map(([value, text]) => element("option", { value }, text)));
}

/**
 * @param {string} name below `_static`, as the built site has it
 * @returns {URL}
 */
export function address(name) {
  return new URL(`../${name}`, import.meta.url);
}

/**
 * A file of the site, with its size told while it comes.
 * @param {string} name
 * @param {(done: number) => void} [told] bytes that have come
 * @returns {Promise<ArrayBuffer>}
 * @throws {Error} If it does not come.
 */
export async function download(name, told = () => {}) {
  const answer = await fetch(address(name));
  if (!answer.ok || !answer.body) throw new Error(`${name} did not come: ${answer.status}.`);
  const reader = answer.body.getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    told(size);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}
