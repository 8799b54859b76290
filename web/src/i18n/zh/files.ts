import type { files as english } from "../en/files";

export const files: Record<keyof typeof english, string> = {
  "files.untitled": "未命名",
  "files.notJson": "{name} 不是 JSON：{why}。",
  "files.tooNew": "{name} 使用格式版本 {version}；此编辑器最高支持版本 {newest}。",
  "files.noWorkflow":
    "{name} 中没有工作流：它是{found}。工作流应有节点列表，或按编号排列且都带有 class_type 的节点。",
  "files.emptyObject": "空对象",
  "files.objectWith": "含有键 {keys} 的对象",
  "files.aList": "列表",
  "files.aValue": "值 {value}",
  "files.cutOff": "文件在元数据中间被截断。",
  "files.damagedText": "文件中的文本已损坏，无法解压。",
  "files.tooLong": "文件过大，无法查看其内容。只有图片和权重文件可以超过 100 MB。",
  "files.notes": "“{title}”已转换，但有说明",
  "files.foundText": "“{title}”中没有工作流，只有这段文本",
  "files.foundParameters": "“{title}”中没有工作流；已根据其中的设置创建了一个",
  "files.noBrowserDrafts": "此浏览器不保存草稿，仅由服务器保存",
  "files.otherDrafts": "其他浏览器中有 {count} 个未保存的工作流",
  "files.restored": "恢复草稿",
  "files.notOpened": "未能打开“{name}”",
  "files.notThere": "没有这个文件。",
};
