import { expect, test } from "vitest";
import { emptyWorkflow, readWorkflow } from "@/document/read";
import { DocumentStore } from "@/document/store";
import { problemsIn } from "@/run/refusal";

const empty = new DocumentStore(emptyWorkflow());

const answer = (message: string, more: object = {}) => ({
  error: {
    type: "prompt_outputs_failed_validation",
    message: "nothing can run",
    details: "",
    extra_info: {},
  },
  node_errors: {
    "12:5": {
      class_type: "KSampler",
      errors: [
        {
          type: "value_not_in_list",
          message,
          details: "sampler_name",
          extra_info: { input_name: "sampler_name" },
          ...more,
        },
      ],
    },
  },
});

test.each([
  [
    "there is no such choice; expected one of 'a', 'b'; got 'c'; did you mean b?",
    "There is no such choice.",
    "one of 'a', 'b'",
    "'c'",
  ],
  [
    "the value is too small; expected at least 1; got 0; did you mean 1?",
    "The value is too small.",
    "at least 1",
    "0",
  ],
  [
    "the input is needed and is not there; expected a value of type MODEL, or a link to one",
    "The input is needed and is not there.",
    "a value of type MODEL, or a link to one",
    undefined,
  ],
  ["a sentence of a pack", "A sentence of a pack.", undefined, undefined],
])("the server's '%s' is taken apart", (message, sentence, expected, received) => {
  const [problem] = problemsIn(answer(message), empty);
  expect(problem).toMatchObject({
    path: "12:5",
    input: "sampler_name",
    type: "value_not_in_list",
    message: sentence,
  });
  expect([problem?.expected, problem?.received]).toEqual([expected, received]);
});

test("an answer without problems of nodes is one of the whole workflow", () => {
  const error = { type: "prompt_no_outputs", message: "nothing saves", details: "", extra_info: {} };
  expect(problemsIn({ error, node_errors: {} }, empty)).toMatchObject([
    { path: "", type: "prompt_no_outputs" },
  ]);
});

test("an accepted workflow has the problems of the parts that are left out, or none", () => {
  expect(problemsIn({ prompt_id: "x", number: 1, node_errors: {} }, empty)).toEqual([]);
  const { node_errors } = answer("x");
  expect(problemsIn({ prompt_id: "x", number: 1, node_errors }, empty)).toHaveLength(1);
});

test("every node of an unknown kind is named, not only the first; muted ones and notes do not count", () => {
  const node = (id: number, type: string, mode = 0) => ({
    id,
    type,
    mode,
    pos: [0, 0],
    size: [1, 1],
    inputs: [],
    outputs: [],
  });
  const nodes = [node(1, "Lost"), node(2, "Lost"), node(3, "Gone"), node(4, "Lost", 4), node(5, "Note")];
  const store = new DocumentStore(
    readWorkflow({ version: 0.4, nodes, links: [], groups: [], last_node_id: 5, last_link_id: 0 }),
  );
  const error = { type: "missing_node_type", message: "no Lost", details: "", extra_info: { node_id: "1" } };
  const found = problemsIn({ error, node_errors: {} }, store);
  expect(found.map(({ path, received }) => `${path} ${received}`)).toEqual(["1 Lost", "2 Lost", "3 Gone"]);
});

test.each([[null], ["text"], [[]], [{ error: "text" }]])("of %j nothing is made up", (body) => {
  expect(problemsIn(body, empty)).toEqual([]);
});
