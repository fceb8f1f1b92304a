import type { Some } from "../rooms.ts";

export const text: Some<"text"> = {
  copied: "نُسخ",
  couldNotCopy: "تعذّر النسخ",
  copyCode: "نسخ الشيفرة",
  wrap: "لفّ",
  wrapLines: "لفّ الأسطر الطويلة",
  download: "تنزيل",
  downloadCode: "تنزيل الشيفرة",
  show: "عرض",
  showPicture: "عرض كصورة",
  hide: "إخفاء",
  code: "شيفرة",
  codeIn: "شيفرة، {language}",
  table: "جدول",
  formula: "صيغة",
  picture: "صورة",
  openLink: "فتح هذا الرابط؟",
  outside: "يُفتح خارج Alcove في علامة تبويب جديدة.",
  open: "فتح",
};
