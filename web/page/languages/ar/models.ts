import type { Some } from "../rooms.ts";

export const device: Some<"device"> = {
  graphics: "بطاقة الرسومات (WebGPU)",
  none: "لا. {reason}",
  software: "يحاكيها المعالج فقط: بطيئة جدًا",
  yes: "نعم",
  card: "اسم البطاقة",
  half: "أعداد بنصف الدقة (f16)",
  noHalf: "لا: النماذج التي تحمل علامة f32 تعمل رغم ذلك",
  piece: "أكبر قطعة من ذاكرة الرسومات",
  unknown: "غير معروف",
  memory: "الذاكرة",
  untold: "لا يخبرنا المتصفح",
  plenty: "8 غيغابايت أو أكثر",
  about: "نحو {gigabytes} غيغابايت",
  threads: "خيوط المعالج",
  oneThread: "1: هذه الصفحة غير معزولة، فلا يحق لها استخدام المزيد",
  room: "المساحة للنماذج",
  noRoom: "لا شيء: هذا المتصفح لا يحتفظ بها",
  free: "{free} متاحة، و{used} مستخدمة",
};
