/** Some of the server's kinds of nodes, as it tells them. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readObjectInfo } from "@/catalogue/object-info";
import { parseExact } from "@/document/exact-json";
import type { JsonObject } from "@/document/records";

const FILE = join(import.meta.dirname, "../catalogue/object-info.json");

export const CATALOGUE = readObjectInfo(parseExact(readFileSync(FILE, "utf8")) as JsonObject);
