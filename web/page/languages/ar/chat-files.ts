import type { Some } from "../rooms.ts";

export const chatFiles: Some<"chat-files"> = {
  toSend: "ملفات للإرسال",
  forCode: "يفتحها النموذج بأداة Python التي تُشغَّل معها.",
  asText: "اقرأه كنص",
  textOf: "{file}، نحو {tokens} رمز",
  beginningOf: "{file}، بدايته: نحو {tokens} رمز",
  tooLong:
    "هذا نحو {tokens} رمز من النص. يقرأ {model} منها {window} في المرة الواحدة، بما فيها ما قيل من قبل.",
  muchTooLong: "هذا نحو {tokens} رمز من النص، وهو كثير على رسالة واحدة.",
  shorten: "أرسل البداية فقط",
  toDocuments: "ضعه في المستندات واسأل هناك",
  reading: "تجري القراءة…",
  sent: "ملفات هذه الرسالة",
  letters: "{count} حرف",
  lettersOf: "أول {count} من {whole} حرف",
  noText: "لا نص في «{name}».",

  waits: "تُرسل عند اكتمال الإجابة",
  held: "تنتظر أن ترسلها أنت",
  queue: "رسائل تنتظر",
  sendNow: "أوقف الإجابة وأرسل هذه الآن",
  send: "إرسال",
  pictures: {
    zero: "لا صور",
    one: "صورة واحدة",
    two: "صورتان",
    few: "{count} صور",
    many: "{count} صورة",
    other: "{count} صورة",
  },
  files: {
    zero: "لا ملفات",
    one: "ملف واحد",
    two: "ملفان",
    few: "{count} ملفات",
    many: "{count} ملفًا",
    other: "{count} ملف",
  },
};
