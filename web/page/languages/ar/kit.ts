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
  settings: "الإعدادات",
  here: "لا شيء يغادر هذا الجهاز.",
  chatGoes: "تذهب هذه المحادثة إلى {server}.",
  voiceGoes: "يذهب ما تقوله نصًّا إلى {server}، أما صوتك فلا.",
  framesGo: "تذهب الصور إلى {server}.",
  spokenHere: "ما يُنطق يبقى على هذا الجهاز.",
  agentsHere: "وكلاؤك محفوظون في هذا المتصفح.",
  settingsHere: "ما تضبطه يبقى في هذا المتصفح.",
  storedHere: "كل هذا محفوظ في هذا المتصفح لا غير.",
};

export const common: Some<"common"> = {
  add: "إضافة",
  again: "إعادة المحاولة",
  cancel: "إلغاء",
  close: "إغلاق",
  closeKey: "إغلاق (Esc)",
  copied: "تم النسخ.",
  copy: "نسخ",
  keep: "إبقاء",
  notCopied: "لم يسمح المتصفح بالنسخ.",
  preparing: "جارٍ التحضير…",
  remove: "إزالة",
  removeIt: "إزالة {name}",
  stop: "إيقاف",
};

export const format: Some<"format"> = {
  of: "{done} من {total}",
  speed: "{rate} رمز/ث",
  today: "اليوم",
  yesterday: "أمس",
  week: "آخر 7 أيام",
  earlier: "أقدم",
};

export const endings: Some<"endings"> = {
  cancelled: "متوقفة",
  error: "لم تكتمل",
  length: "توقفت عند حد الطول",
  interrupted: "انقطعت",
  content_filter: "حجبها الخادم",
};

export const steps: Some<"steps"> = {
  retry: "إعادة المحاولة",
  edit: "تعديل الرسالة",
  reload: "إعادة تحميل الصفحة",
  redownload: "تنزيل النموذج من جديد",
  choose: "اختيار نموذج آخر",
};

export const failure: Some<"failure"> = {
  stopped: "تم الإيقاف.",
  wrong: "حدث خطأ داخل Alcove.",
  wrongAction: "حاول مرة أخرى. إن تكرر ذلك فأعد تحميل الصفحة؛ محادثاتك محفوظة.",
  dismiss: "إخفاء",
  said: "ما قيل",
};

export const approval: Some<"approval"> = {
  title: "يطلب Alcove إذنك",
  assistant: "المساعد",
  wants: "يريد {who} استخدام {tool}",
  wantsWith: "يريد {who} استخدام {tool} بهذا:",
  given: "ما يُعطى لأداة {tool}",
};

export const approvalOptions: Some<"approval-options"> = {
  "Allow once": "السماح مرة واحدة",
  "Allow in this conversation": "السماح في هذه المحادثة",
  "Allow always": "السماح دائمًا",
  Deny: "رفض",
  "Never allow": "عدم السماح أبدًا",
};

export const tools: Some<"tools"> = {
  calculator: "الحاسبة",
  clock: "الساعة",
  todo: "الخطوات",
  python: "Python",
  look: "العينان",
  listen: "الأذنان",
  say: "الصوت",
  storage: "الملاحظات",
  documents: "المستندات",
  web_fetch: "صفحات الويب",
};

export const toolsAbout: Some<"tools-about"> = {
  calculator: "حساب دون تقريب مهما طالت الأعداد.",
  clock: "التاريخ والوقت والمناطق الزمنية، وكم بين يومين.",
  todo: "قائمة خطوات لمهمة أطول، تُحفظ في المحادثة.",
  python: "تشغّل شيفرة يكتبها النموذج وترسم الأشكال. لا تصل إلى هذه الصفحة ولا إلى الشبكة.",
  look: "تنظر عبر الكاميرا أو إلى الشاشة أو إلى آخر صورة بنموذج الرؤية.",
  listen: "تستمع عبر الميكروفون حتى تقول شيئًا.",
  say: "تنطق نصًّا قصيرًا.",
  storage: "تحفظ نصوصًا على هذا الجهاز، لمحادثات لاحقة أيضًا.",
  documents: "تبحث في المستندات التي أضفتها وتقرؤها.",
  web_fetch: "تقرأ صفحة من الويب. كثير من المواقع لا يسمح بذلك من متصفح.",
};

export const toolsMay: Some<"tools-may"> = {
  computes: "تحسب فقط",
  sees: "ترى ما تريها إياه",
  hears: "تسمع ما تقوله",
  speaks: "يسمعها من حولك",
  reads: "تقرأ على هذا الجهاز",
  writes: "تكتب على هذا الجهاز",
  runs: "تشغّل شيفرة معزولة",
  network: "تصل إلى الشبكة",
  asks: "تسألك أولًا",
};

export const failureCodes: Some<"failure-codes"> = {
  unsupported: "لا يمكن ذلك هنا.",
  "out-of-memory": "الذاكرة لا تكفي لذلك.",
  "device-lost": "فُقدت بطاقة الرسوميات.",
  "model-not-found": "لا يوجد نموذج كهذا.",
  "model-invalid": "لا يمكن استعمال النموذج.",
  "download-failed": "تعذر تنزيله.",
  integrity: "الملف ليس هو المنتظر.",
  quota: "لم يبق مكان لذلك.",
  "context-overflow": "هذا أكثر مما يقرؤه النموذج دفعة واحدة.",
  cancelled: "تم الإيقاف.",
  busy: "يجب أن ينتهي شيء آخر أولًا.",
  "engine-crashed": "توقف المحرك.",
  timeout: "لم تصل إجابة في الوقت المناسب.",
  "bad-request": "لم يمكن قبول ذلك.",
};
