// Brings the live parts of a page to life. Where this does not run, stored pictures and sentences stand there.

/** @type {Record<string, () => Promise<{show: (place: HTMLElement) => unknown}>>} */
const PARTS = {
  explorer: () => import("./explorer/page.js"),
  duel: () => import("./duel/page.js"),
  prompter: () => import("./prompter/page.js"),
};

for (const place of document.querySelectorAll("[data-live]")) {
  if (place instanceof HTMLElement) bring(place);
}

// What is wider than the screen can be scrolled by keyboard too; the rest stays out of the way of Tab.
const WIDE = "pre, div.math, .table-wrapper";
new ResizeObserver(() => {
  for (const part of document.querySelectorAll(WIDE)) {
    if (part.scrollWidth > part.clientWidth) part.setAttribute("tabindex", "0");
    else part.removeAttribute("tabindex");
  }
}).observe(document.body);

/** @param {HTMLElement} place */
async function bring(place) {
  try {
    const { show } = await PARTS[place.dataset.live ?? ""]();
    const page = await show(place);
    Object.assign(place, { page });
    place.dataset.ready = "";
  } catch (error) {
    place.append(`This cannot run here: ${/** @type {Error} */ (error).message}`);
  }
}
