import type { Some } from "../rooms.ts";

export const turn: Some<"turn"> = {
  more: "المزيد",
  copyMarkdown: "نسخ بصيغة Markdown",
  copyMessage: "نسخ",
  copyAll: "نسخ المحادثة كاملة",
  copied: "تم النسخ.",
  quote: "اقتباس",
  quoteSelection: "اقتباس التحديد",
  answerWith: "إجابة جديدة باستخدام…",
  anotherModel: "نموذج آخر…",
  delete: "حذف هذا الدور",
  deleted: "حُذف السؤال وإجابته.",
  undo: "تراجع",
  you: "أنت",
  details: "التفاصيل",
};
