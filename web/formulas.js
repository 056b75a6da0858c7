// Draws formulas while the site is built: one JSON object a line comes in, one line of HTML goes out.

import { createInterface } from "node:readline";
import mathjax from "mathjax";

const drawn = await mathjax.init({
  loader: { load: ["input/tex", "output/svg", "a11y/assistive-mml"] },
  svg: { fontCache: "local" },
});
for await (const line of createInterface({ input: process.stdin })) {
  const { tex, display } = JSON.parse(line);
  const html = drawn.startup.adaptor.outerHTML(drawn.tex2svg(tex, { display }));
  process.stdout.write(`${html.replaceAll("\n", " ")}\n`);
}
