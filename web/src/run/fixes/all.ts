/** What mends each kind of problem, as one click. */

import type { OpenDocument } from "@/editor/session";
import type { Fix, NodeProblem } from "../problems";
import { type Case, caseOf } from "./case";
import { fileInputFixes } from "./file-fixes";
import { kindFixes } from "./kind-fixes";
import { cutFixes, cycleFixes, linkInto, mismatchFixes, missingFixes } from "./link-fixes";
import { outputFixes } from "./output-fixes";
import { runTimeFixes } from "./run-time-fixes";
import { choiceFixes, rangeFixes, typeFixes } from "./value-fixes";

type Finder = (found: Case) => Fix[];

const FINDERS: Readonly<Record<string, Finder>> = {
  value_not_in_list: (found) => [...choiceFixes(found), ...fileInputFixes(found)],
  value_smaller_than_min: rangeFixes,
  value_bigger_than_max: rangeFixes,
  invalid_input_type: typeFixes,
  required_input_missing: missingFixes,
  return_type_mismatch: mismatchFixes,
  bad_linked_input: brokenLinkFixes,
  exception_during_validation: brokenLinkFixes,
  exception_during_inner_validation: brokenLinkFixes,
  dependency_cycle: cycleFixes,
  missing_node_type: kindFixes,
  custom_validation_failed: (found) => [...fileInputFixes(found), ...valueFixes(found)],
};

/** Return what mends a problem, the best first; nothing where nothing can be done by one click. */
export function fixesFor(document: OpenDocument, problem: NodeProblem): readonly Fix[] {
  if (problem.type === "prompt_no_outputs") return outputFixes(document, problem);
  const found = caseOf(document, problem);
  if (!found) return [];
  if (problem.atRunTime) return problem.type === "ExecutionBlocked" ? [] : runTimeFixes(found);
  return FINDERS[problem.type]?.(found) ?? [];
}

/** A wire that leads nowhere: something that fits in its place, or no wire. */
function brokenLinkFixes(found: Case): Fix[] {
  return linkInto(found) ? [...missingFixes(found), ...cutFixes(found)] : missingFixes(found);
}

/** The node refuses a value for reasons of its own. */
function valueFixes(found: Case): Fix[] {
  return found.input?.choices ? choiceFixes(found) : typeFixes(found);
}
