/** What many rooms say. */
import type { Some } from "../rooms.ts";

export const tabs: Some<"tabs"> = {
  chat: "الدردشة",
  vision: "الرؤية",
  documents: "المستندات",
  storage: "التخزين",
  agents: "الوكلاء",
  voice: "الصوت",
  transcribe: "التفريغ",
  speak: "النطق",
  here: "لا شيء يغادر هذا الجهاز.",
  chatGoes: "تذهب هذه المحادثة إلى {server}.",
  voiceGoes: "يذهب ما تقوله نصًّا إلى {server}، أما صوتك فلا.",
  spokenHere: "ما يُنطق يبقى على هذا الجهاز.",
  agentsHere: "وكلاؤك محفوظون في هذا المتصفح.",
  storedHere: "كل هذا محفوظ في هذا المتصفح لا غير.",
};

export const common: Some<"common"> = {
  add: "إضافة",
  again: "إعادة المحاولة",
  cancel: "إلغاء",
  close: "إغلاق",
  copy: "نسخ",
  keep: "إبقاء",
  preparing: "جارٍ التحضير…",
  remove: "إزالة",
  removeIt: "إزالة {name}",
  stop: "إيقاف",
};
