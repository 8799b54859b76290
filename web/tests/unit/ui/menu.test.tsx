import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Menu } from "@/ui/menu";

class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

const chosen: string[] = [];

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", NoObserver);
  chosen.length = 0;
  const entries = () => [
    { heading: "What to do" },
    { label: "Copy", keys: "mod+c", onSelect: () => chosen.push("copy") },
    { label: "Paste", disabled: true, onSelect: () => chosen.push("paste") },
    "separator" as const,
    { label: "Grid", checked: true, onSelect: () => chosen.push("grid") },
    { label: "Colour", entries: [{ label: "Red", color: "red", onSelect: () => chosen.push("red") }] },
  ];
  render(
    <main>
      <Menu entries={entries}>
        <button type="button">Edit</button>
      </Menu>
    </main>,
  );
});
afterEach(cleanup);

const open = () => userEvent.click(screen.getByRole("button", { name: "Edit", hidden: true }));

test("a chosen entry does what it says, a disabled one nothing", async () => {
  await open();
  await userEvent.click(screen.getByRole("menuitem", { name: /Copy/ }));
  expect(chosen).toEqual(["copy"]);
  await open();
  await userEvent.click(screen.getByRole("menuitem", { name: "Paste" }), { pointerEventsCheck: 0 });
  expect(chosen).toEqual(["copy"]);
});

test("branches are gone through with the arrow keys", async () => {
  await open();
  await userEvent.keyboard("{End}{ArrowRight}");
  await screen.findByRole("menuitem", { name: "Red" });
  await userEvent.keyboard("{Enter}");
  expect(chosen).toEqual(["red"]);
});

test("what is switched on says so", async () => {
  await open();
  expect(screen.getByRole("menuitemcheckbox", { name: "Grid" }).getAttribute("aria-checked")).toBe("true");
});

test("menus and their branches lie in landmarks", async () => {
  await open();
  await userEvent.keyboard("{End}{ArrowRight}");
  await screen.findByRole("menuitem", { name: "Red" });
  const landmarks = screen
    .getAllByRole("menu")
    .map((menu) => menu.closest("section")?.getAttribute("aria-label"));
  expect(landmarks).toEqual(["Menu", "Colour"]);
});
