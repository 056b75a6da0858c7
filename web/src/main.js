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
