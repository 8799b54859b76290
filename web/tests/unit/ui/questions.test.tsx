import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { choose, confirm } from "@/ui/confirm";
import { promptText } from "@/ui/prompt";
import { Questions } from "@/ui/questions";

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
  render(<Questions />);
});
afterEach(cleanup);

test("a confirmed question answers yes", async () => {
  const answer = confirm({ title: "Delete it?", action: "Delete", danger: true });
  await userEvent.click(await screen.findByRole("button", { name: "Delete" }));
  expect(await answer).toBe(true);
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

test("Escape and Cancel answer no", async () => {
  const first = confirm({ title: "Delete it?", action: "Delete" });
  await screen.findByRole("alertdialog");
  await userEvent.keyboard("{Escape}");
  expect(await first).toBe(false);
  const second = choose({ title: "Which?", choices: [{ id: "one", label: "One" }] });
  await userEvent.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(await second).toBeNull();
});

test("questions wait for each other", async () => {
  const first = choose({ title: "First?", choices: [{ id: "a", label: "A" }] });
  const second = choose({ title: "Second?", choices: [{ id: "b", label: "B" }] });
  await userEvent.click(await screen.findByRole("button", { name: "A" }));
  expect(await first).toBe("a");
  await userEvent.click(await screen.findByRole("button", { name: "B" }));
  expect(await second).toBe("b");
});

test("a text is asked for, checked and given without white space around it", async () => {
  const answer = promptText({
    title: "Rename",
    label: "Name",
    value: "old",
    action: "Rename",
    check: (name) => (name === "taken" ? "There is one of that name." : null),
  });
  const field = await screen.findByRole("textbox", { name: "Name" });
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Rename" });
  await userEvent.clear(field);
  expect(button.disabled).toBe(true);
  await userEvent.type(field, "taken");
  expect(button.disabled).toBe(true);
  expect(screen.getByText("There is one of that name.")).toBeTruthy();
  await userEvent.clear(field);
  await userEvent.type(field, "  new {Enter}");
  expect(await answer).toBe("new");
});
