export const files = {
  "files.untitled": "Untitled",
  "files.notJson": "{name} is not JSON: {why}.",
  "files.tooNew":
    "{name} is written in version {version} of the format; this editor reads versions up to {newest}.",
  "files.noWorkflow":
    "{name} holds no workflow: it is {found}. A workflow has a list of nodes, or nodes by id that each have a class_type.",
  "files.emptyObject": "an empty object",
  "files.objectWith": "an object with the keys {keys}",
  "files.aList": "a list",
  "files.aValue": "the value {value}",
  "files.cutOff": "The file is cut off in the middle of its metadata.",
  "files.damagedText": "A text in the file is damaged and cannot be unpacked.",
  "files.tooLong":
    "The file is too long to be looked into. Only pictures and weights may have more than 100 MB.",
  "files.notes": "“{title}” was converted with remarks",
  "files.foundText": "“{title}” has no workflow, only this text",
  "files.foundParameters": "“{title}” has no workflow; one was made of the settings in it",
  "files.noBrowserDrafts": "This browser keeps no drafts; the server alone does",
  "files.otherDrafts": "{count} unsaved workflows of another browser",
  "files.restored": "Restore draft",
  "files.notOpened": "“{name}” was not opened",
  "files.notThere": "There is no such file.",
} as const;
