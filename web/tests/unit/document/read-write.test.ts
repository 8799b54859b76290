import { describe, expect, test } from "vitest";
import { parseExact, stringifyExact } from "@/document/exact-json";
import { emptyWorkflow, readWorkflow, WorkflowFormatError } from "@/document/read";
import { type JsonObject, linkId, nodeId, ROOT, sheetId } from "@/document/records";
import { writeWorkflow } from "@/document/write";
import { ownWorkflows, templates } from "./workflow-files";

const again = (json: JsonObject): JsonObject => writeWorkflow(readWorkflow(json));
const NODES = [
  { id: 1, type: "A", outputs: [{ name: "X", type: "X", links: [5] }] },
  { id: 2, type: "B", inputs: [{ name: "x", type: "X", link: 5 }] },
];

describe("what was read is written as it was", () => {
  test("for each of the 75 template workflows", () => {
    const files = templates();
    expect(files).toHaveLength(75);
    for (const { name, text } of files) {
      const json = parseExact(text) as JsonObject;
      expect(stringifyExact(again(json)), name).toBe(stringifyExact(json));
    }
  });

  test("for each workflow of this repository", () => {
    const files = ownWorkflows();
    expect(files.length).toBeGreaterThan(5);
    for (const { name, text } of files) {
      const json = parseExact(text) as JsonObject;
      if (Array.isArray(json.nodes)) expect(stringifyExact(again(json)), name).toBe(stringifyExact(json));
    }
  });

  test.each<[string, JsonObject]>([
    [
      "links as objects in schema 1",
      {
        version: 1,
        state: { lastLinkId: 5 },
        nodes: NODES,
        links: [{ id: 5, origin_id: 1, origin_slot: 0, target_id: 2, target_slot: 0, type: "X", mine: 1 }],
      },
    ],
    [
      "links by id",
      {
        nodes: NODES,
        links: { "5": { id: 5, origin_id: "1", origin_slot: "0", target_id: 2, target_slot: 0, type: "X" } },
      },
    ],
    ["slots as texts", { nodes: NODES, links: [[5, 1, "0", 2, "0", "X"]], version: 0.4 }],
    ["a target slot that the input contradicts", { nodes: NODES, links: [[5, 1, 0, 2, 7, "X"]] }],
    ["links without a type", { nodes: NODES, links: [[5, 1, 0, 2, 0]] }],
    [
      "links that name nothing",
      { nodes: NODES, links: [null, [4, 9, 0, 2, 0, "X"], [5, 1, 0, 2, 0, "X"], "?", [5, 1, 0, 2, 0, "X"]] },
    ],
    ["no lists at all besides nodes", { nodes: [], version: 0.4 }],
    [
      "lists that are null",
      { nodes: [], links: null, groups: null, reroutes: null, extra: null, definitions: null },
    ],
    [
      "holes and objects among the values",
      {
        nodes: [
          { id: 1, type: "A", widgets_values: [null, 1, null] },
          { id: "2", type: "B", widgets_values: { a: 1 } },
          { id: 3, type: "C", widgets_values: null },
        ],
      },
    ],
    [
      "places as objects",
      { nodes: [{ id: 1, type: "A", pos: { "0": 1, "1": 2 }, size: { "0": 3, "1": 4 } }] },
    ],
    [
      "groups without ids",
      {
        groups: [{ title: "a", bounding: [0, 0, 1, 1] }, { title: "b" }, 5, { id: 1 }, { id: 1 }],
        nodes: [],
      },
    ],
    [
      "floating links and reroutes",
      {
        nodes: NODES,
        links: [[5, 1, 0, 2, 0, "X"]],
        floatingLinks: [{ id: 1, parentId: 2 }],
        extra: {
          a: 1,
          reroutes: [
            { id: 1, pos: [0, 0], linkIds: [5] },
            { id: 2, parentId: 1, pos: [1, 1], linkIds: [] },
            null,
          ],
          linkExtensions: [
            { id: 5, parentId: 1 },
            { id: 9, parentId: 2 },
          ],
          ds: {},
        },
      },
    ],
    [
      "nested definitions",
      {
        nodes: [],
        definitions: {
          mine: 1,
          subgraphs: [
            {
              id: "a",
              nodes: [],
              links: [],
              definitions: {
                subgraphs: [
                  { id: "b", nodes: [], extra: {} },
                  { id: "a", nodes: [] },
                ],
              },
            },
            7,
          ],
        },
        zed: 0,
      },
    ],
    [
      "group nodes of old",
      {
        nodes: [{ id: 1, type: "workflow>g" }],
        extra: { groupNodes: { g: { nodes: [], links: [], external: [] } } },
      },
    ],
  ])("with %s", (_, json) => {
    expect(JSON.stringify(again(json))).toBe(JSON.stringify(json));
  });

  test("with whole numbers of 64 bits", () => {
    const text =
      '{"nodes":[{"id":1,"type":"A","widgets_values":[18446744073709551615,"\\u0000 9007199254740993"]}]}';
    expect(stringifyExact(again(parseExact(text) as JsonObject))).toBe(text);
  });
});

describe("reading", () => {
  test("gives a new workflow a sheet without anything on it", () => {
    const written = writeWorkflow(emptyWorkflow());
    expect(written).toMatchObject({ nodes: [], links: [], groups: [], last_node_id: 0, version: 0.4 });
    expect(emptyWorkflow().size).toBe(1);
  });

  test("trusts the input that holds a link about where it ends", () => {
    const inputs = [
      { name: "w", type: "X", link: null },
      { name: "x", type: "X", link: 5 },
    ];
    const json = { nodes: [NODES[0] ?? null, { id: 2, type: "B", inputs }], links: [[5, 1, 0, 2, 0, "X"]] };
    expect(readWorkflow(json).get(linkId(ROOT, 5))).toMatchObject({ targetSlot: 1 });
  });

  test("gives the second node with one id an id of its own", () => {
    const records = readWorkflow({
      nodes: [
        { id: 7, type: "A" },
        { id: 7, type: "B" },
      ],
    });
    expect(records.get(nodeId(ROOT, 7))).toMatchObject({ raw: { type: "A" } });
    expect(records.get(nodeId(ROOT, 8))).toMatchObject({ raw: { type: "B" } });
  });

  test.each<[JsonObject, string]>([
    [{ links: [] }, "the workflow has no list of nodes"],
    [{ nodes: [5] }, "a node of the workflow is no object"],
    [{ nodes: [{ type: "A" }] }, "the id of a node of the workflow is neither number nor text"],
    [{ nodes: [{ id: 4 }] }, "node 4 of the workflow has no type"],
    [
      { nodes: [{ id: 4, type: "A", inputs: [1] }] },
      "the inputs of node 4 of the workflow are no list of objects",
    ],
    [
      { nodes: [], definitions: { subgraphs: [{ id: "a", name: "Blur" }] } },
      'the subgraph "Blur" has no list of nodes',
    ],
  ])("refuses %j", (json, message) => {
    expect(() => readWorkflow(json)).toThrow(new WorkflowFormatError(message));
  });

  test("reads a chain of 2,000 nodes", () => {
    const nodes = Array.from({ length: 2000 }, (_, id) => ({
      id,
      type: "A",
      inputs: [{ name: "x", type: "X", link: id === 0 ? null : id }],
      outputs: [{ name: "X", type: "X", links: [id + 1] }],
    }));
    const links = Array.from({ length: 1999 }, (_, at) => [at + 1, at, 0, at + 1, 0, "X"]);
    const records = readWorkflow({ nodes, links });
    expect(records.size).toBe(2000 + 1999 + 1);
    expect(records.get(sheetId(ROOT))).toMatchObject({ kind: "sheet" });
  });
});
