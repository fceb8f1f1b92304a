/** What is heard and said. */
import type { Some } from "../rooms.ts";

export const speak: Some<"speak"> = {
  question: "ما الذي تريد نطقه؟",
  about: "ينطقه صوت يعمل في هذه الصفحة، أو يصنع منه ملفًا.",
  speak: "تكلم",
  fetchAndSpeak: "تنزيل الصوت ({size}) ثم التكلم",
  text: "النص المراد نطقه",
  hint: "اكتب أو ألصق ما تريد نطقه.",
  script: "ما يُنطق الآن",
  voice: "الصوت",
  speed: "السرعة",
  save: "حفظ بصيغة WAV",
  making: "جارٍ إعداد الملف",
  leftOut: "لم يُنطق: {names}.",
  noVoice: "لا صوت في هذا الموقع ولا في نظامك.",
  nothing: "لا شيء فيه يمكن نطقه.",
};

export const transcribe: Some<"transcribe"> = {
  question: "ما الذي تريد كتابته؟",
  about: "يُكتب على هذا الجهاز ما في التسجيل أو ما تقوله الآن. أفلت ملف صوت أو فيديو هنا.",
  drop: "أفلت التسجيل هنا",
  choose: "اختيار ملف",
  recording: "تسجيل",
  recordingOf: "تسجيل {time}",
  record: "تسجيل",
  finish: "إنهاء",
  loudness: "شدة الصوت",
  done: "ما كُتب",
  writing: "تجري كتابته",
  of: "{time} من {total}",
  none: "لم نجد كلامًا في {name}.",
  saveAs: "حفظ بصيغة {format}",
  plain: "نص",
};

export const aloud: Some<"aloud"> = {
  read: "قراءة بصوت عالٍ",
  readAnswer: "قراءة الإجابة بصوت عالٍ",
  stop: "إيقاف القراءة",
  leftOut: "لم يُنطق: {names}.",
  needs: "يحتاج الكلام إلى صوت مرة واحدة: {size}.",
  fetch: "تنزيله والقراءة",
  notNow: "ليس الآن",
};
