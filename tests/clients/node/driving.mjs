// What the drivers of the npm clients share. A driver is called with the server's URL, a folder of
// workflows in API format and a folder for results; it leaves `<name>.png` and `report.json`.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

export const [url, source, target] = process.argv.slice(2);
export const host = new URL(url).host;

// Runs every workflow by `run(workflow) -> { picture: Uint8Array, ...report }`.
export async function each(run) {
  const reports = {};
  const names = (await readdir(source)).filter((name) => name.endsWith(".json")).sort();
  for (const name of names) {
    const stem = basename(name, ".json");
    const workflow = JSON.parse(await readFile(join(source, name), "utf8"));
    const { picture, ...report } = await run(workflow);
    await writeFile(join(target, `${stem}.png`), picture);
    reports[stem] = report;
  }
  await writeFile(join(target, "report.json"), JSON.stringify(reports));
}

export async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
