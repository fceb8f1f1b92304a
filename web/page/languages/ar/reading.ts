import type { Some } from "../rooms.ts";

export const reading: Some<"reading"> = {
  title: "النص المكتوب في الصورة",
  read: "اقرأ",
  again: "اقرأ مرة أخرى",
  hint: "يقرأ النص المطبوع حرفًا حرفًا ويُظهر مكانه.",
  reading: "جارٍ القراءة…",
  none: "لم يُعثر فيها على نص مطبوع.",
  lines: {
    zero: "لا أسطر · خلال {time}",
    one: "سطر واحد · خلال {time}",
    two: "سطران · خلال {time}",
    few: "{count} أسطر · خلال {time}",
    many: "{count} سطرًا · خلال {time}",
    other: "{count} سطر · خلال {time}",
  },
  ask: "اسأل عنه",
  copy: "نسخ النص المكتوب",
};
