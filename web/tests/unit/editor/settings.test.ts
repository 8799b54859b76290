import { beforeEach, expect, test, vi } from "vitest";

const load = async () => {
  vi.resetModules();
  return import("@/editor/settings");
};

beforeEach(() => localStorage.clear());

test("settings are what they are at first until they are changed", async () => {
  const { setting, DEFAULTS } = await load();
  expect(setting("theme")).toBe(DEFAULTS.theme);
});

test("what was changed is there at the next start", async () => {
  const { changeSetting } = await load();
  changeSetting("theme", "light");
  changeSetting("batchCount", 4);
  const { setting } = await load();
  expect(setting("theme")).toBe("light");
  expect(setting("batchCount")).toBe(4);
});

test("kept values of another kind, and unknown ones, are left out", async () => {
  const { fitting } = await load();
  expect(fitting({ minimap: "yes", batchCount: 3, other: 1 })).toEqual({ batchCount: 3 });
  expect(fitting(null)).toEqual({});
});

test("broken storage does no harm", async () => {
  localStorage.setItem("latentloom.settings", "{");
  const { setting, DEFAULTS } = await load();
  expect(setting("wheel")).toBe(DEFAULTS.wheel);
});

test("who follows a setting hears of it at once and of its changes only", async () => {
  const { changeSetting, onSetting } = await load();
  const heard: string[] = [];
  const stop = onSetting("wheel", (wheel) => heard.push(wheel));
  changeSetting("minimap", false);
  changeSetting("wheel", "pan");
  stop();
  changeSetting("wheel", "zoom");
  expect(heard).toEqual(["zoom", "pan"]);
});

test("a reset leaves nothing changed, and does not bring the first steps back", async () => {
  const { changeSetting, resetSettings, setting } = await load();
  changeSetting("hintSeen", true);
  changeSetting("linkStyle", "hidden");
  resetSettings();
  expect(setting("linkStyle")).toBe("curved");
  expect(setting("hintSeen")).toBe(true);
});
