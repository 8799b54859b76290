import { expect, test } from "vitest";
import { factsOf } from "@/training/run-facts";

const HASH = "53a1844885ea2f33a1056a312bd2120d9a2952b3206d1dbbb2fa8f9d38fe9578";

const about = (rate: number, more: object = {}) => ({
  base: HASH,
  format: 1,
  method: "lora",
  trainable: HASH,
  seen: {},
  lora: { rank: 8, targets: "attn2" },
  plan: { ema: { decay: 0.9 }, optimizer: { learning_rate: rate }, seed: 2, ...more },
});

test("one run: what is not as usual, by name, hashes in short, and nothing that says nothing", () => {
  expect(factsOf([about(0.002)]).map(({ name, values }) => `${name} ${values[0]}`)).toEqual([
    "base 53a18448",
    "ema.decay 0.9",
    "learning_rate 0.002",
    "rank 8",
    "seed 2",
    "targets attn2",
  ]);
});

test("several runs: what differs comes first and is marked, also where one leaves it as usual", () => {
  const facts = factsOf([about(0.002), about(0.001, { batch: 4 })]);
  expect(facts.slice(0, 2)).toEqual([
    { name: "batch", values: [null, "4"], differs: true },
    { name: "learning_rate", values: ["0.002", "0.001"], differs: true },
  ]);
  expect(facts.slice(2).some(({ differs }) => differs)).toBe(false);
});
