import { afterAll, beforeAll, expect, test } from "vitest";
import { axe, complaints, dropFile, forgive, openPage, openTab, type Server, startServer } from "./harness";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test("a page tells what it complained about until it is forgiven", async () => {
  const page = await openPage(server);
  const before = complaints(page).length;
  await page.evaluate(async () => {
    await fetch("nothing-here");
    console.error("a sentence");
  });
  const added = complaints(page).slice(before);
  expect(added).toEqual([`404 GET ${server.url}/nothing-here`, "console: a sentence"]);
  expect(complaints(page, [/nothing-here/, /a sentence/])).toHaveLength(before);
  forgive(page);
  expect(complaints(page)).toEqual([]);
});

test("axe sees what a screen reader would miss", async () => {
  const page = await openPage(server);
  await page.setContent('<html lang="en"><title>t</title><main><h1>t</h1><img src="x.png"></main></html>');
  expect((await axe(page)).map((line) => line.split(":")[0])).toEqual(["image-alt"]);
});

test("a dropped file arrives with its name, type and content", async () => {
  const page = await openPage(server);
  await page.setContent('<div id="here" style="height: 100vh"></div>');
  await page.evaluate(() => {
    const here = document.getElementById("here");
    here?.addEventListener("drop", async ({ dataTransfer }) => {
      const file = dataTransfer?.files[0];
      here.textContent = `${file?.name} ${file?.type} ${await file?.text()}`;
    });
  });
  await dropFile(page, { name: "a.json", bytes: new TextEncoder().encode("{}") });
  await page.getByText("a.json application/json {}").waitFor();
});

test("two tabs share one profile, two pages do not", async () => {
  const page = await openPage(server);
  await page.evaluate(() => localStorage.setItem("seen", "yes"));
  const read = (): string | null => localStorage.getItem("seen");
  expect(await (await openTab(page.context(), server)).evaluate(read)).toBe("yes");
  expect(await (await openPage(server)).evaluate(read)).toBeNull();
});

test("a server that was killed comes back at the same address with its files", async () => {
  const saved = `${server.url}/userdata/kept.txt`;
  await fetch(saved, { method: "POST", body: "kept" });
  await server.kill("SIGKILL");
  await expect(fetch(server.url)).rejects.toThrow();
  await server.restart();
  expect(await (await fetch(saved)).text()).toBe("kept");
});
