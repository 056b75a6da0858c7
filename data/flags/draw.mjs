// Draws every flag that flag-icons marks as an ISO 3166-1 code: pictures/<code>.png, 32×32 pixels,
// and SHA256SUMS over all of them.
//
//   npm install --no-package-lock && node draw.mjs
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";

const SIZE = 32;
const PACKAGE = "node_modules/flag-icons";

const countries = JSON.parse(readFileSync(`${PACKAGE}/country.json`, "utf8"));
const codes = countries.filter(({ iso }) => iso).map(({ code }) => code).sort();

rmSync("pictures", { recursive: true, force: true });
mkdirSync("pictures");
const sums = codes.map((code) => {
  const drawing = readFileSync(`${PACKAGE}/flags/1x1/${code}.svg`, "utf8");
  const png = new Resvg(drawing, { fitTo: { mode: "width", value: SIZE } }).render().asPng();
  writeFileSync(`pictures/${code}.png`, png);
  return `${createHash("sha256").update(png).digest("hex")}  pictures/${code}.png`;
});
writeFileSync("SHA256SUMS", [...sums, ""].join("\n"));
console.log(`${codes.length} flags`);
