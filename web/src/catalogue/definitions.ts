/** What the server says about its kinds of nodes (`GET /object_info`), as the editor uses it. */

import type { Json, JsonObject } from "@/document/records";

/** An input of a kind of node. */
export interface InputDefinition {
  readonly name: string;
  /** The socket type; `COMBO` for a choice. */
  readonly type: string;
  /** What a choice offers; undefined for other types. */
  readonly choices?: readonly Json[];
  /** `default`, `min`, `max`, `step`, `multiline`, `tooltip`, `image_upload`, `forceInput`, ... as sent. */
  readonly options: JsonObject;
  readonly required: boolean;
}

/** An output of a kind of node. */
export interface OutputDefinition {
  readonly name: string;
  readonly type: string;
  /** The type that files have for it while nothing is joined, where it is another one. */
  readonly freeType?: string;
  readonly isList: boolean;
  readonly tooltip?: string;
}

/** A kind of node. */
export interface NodeDefinition {
  readonly type: string;
  readonly title: string;
  /** Path of the menu, parts joined by `/`. */
  readonly category: string;
  readonly description: string;
  /** Required inputs, then optional ones, each in the order that the server tells. */
  readonly inputs: readonly InputDefinition[];
  readonly outputs: readonly OutputDefinition[];
  /** It is run for its own sake: saves, previews. */
  readonly isOutput: boolean;
  readonly deprecated: boolean;
  readonly experimental: boolean;
  /** The pack that it comes from, such as `nodes` or `custom_nodes.some-pack`. */
  readonly module: string;
  readonly aliases: readonly string[];
  /** It is not offered in menus and searches. */
  readonly hidden?: boolean;
  /** Only the editor knows it: it never runs itself. */
  readonly virtual?: boolean;
  /** Id of the subgraph that nodes of this kind are instances of. */
  readonly subgraph?: string;
}

/** Kinds of nodes by their type. */
export type Catalogue = ReadonlyMap<string, NodeDefinition>;
