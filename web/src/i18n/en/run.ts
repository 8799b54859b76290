export const run = {
  "run.refused": "The server refused this (HTTP {status}).",
  "run.unreachable": "The server does not answer. Is it still running?",
} as const;
