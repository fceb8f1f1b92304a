import type { Told } from "../../kit/told.ts";

/** What the SDK says most, and what it says of its own agents and models. */
export const sdk: Told = {
  Ready: "جاهز",
  Starting: "يبدأ",
  "Starting Python": "يبدأ Python",
  "Starting Amplifier": "يبدأ Amplifier",
  "Python is ready": "Python جاهز",
  "Python stopped. Starting it again…": "توقف Python. يُعاد تشغيله…",
  "The engine stopped. Starting it again…": "توقف المحرك. يُعاد تشغيله…",
  "The tab that ran the engine is gone. Starting it again…":
    "أُغلقت العلامة التي كانت تشغّل المحرك. يُعاد تشغيله…",
  Thinking: "يفكر",
  Answering: "يجيب",
  "Looking at the picture": "ينظر إلى الصورة",
  "Waiting for another answer to end": "ينتظر انتهاء إجابة أخرى",
  "{name} is at work": "{name} يعمل",
  "Waiting for the server of {name}": "في انتظار خادم {name}",
  "Downloading {name}": "جارٍ تنزيل {name}",
  "Checking {name}": "جارٍ فحص {name}",
  "Preparing the graphics card for {name}": "تُهيأ بطاقة الرسومات لأجل {name}",
  "Preparing {name}": "جارٍ تحضير {name}",
  "Loading {name}": "جارٍ تحميل {name}",
  "Tuning {name}": "جارٍ ضبط {name}",
  "Warming up {name}": "جارٍ إحماء {name}",
  "This conversation began with it.": "بدأت هذه المحادثة به.",
  "You chose this model.": "اخترتَ هذا النموذج.",
  "Your graphics card is the fastest here.": "بطاقة رسوماتك هي الأسرع هنا.",
  "There is no graphics card that the browser can use.": "لا توجد بطاقة رسومات يستطيع المتصفح استخدامها.",
  "The graphics card could not do it: {why}": "لم تستطع بطاقة الرسومات ذلك: {why}",
  "The page is not served over HTTPS.": "لا تأتي الصفحة عبر HTTPS.",
  "This browser has no WebGPU, or it is switched off.": "لا يملك هذا المتصفح WebGPU، أو أنه معطّل.",
  "The browser found no graphics card that it can use.": "لم يجد المتصفح بطاقة رسومات يستطيع استخدامها.",
  "The browser did not answer.": "لم يجب المتصفح.",
  "This browser does not let Alcove keep history: conversations last until you close the tab.":
    "لا يسمح هذا المتصفح لـAlcove بحفظ السجل: تبقى المحادثات حتى تغلق العلامة.",
  "This page is not isolated, so the model runs on a single thread and answers more slowly.":
    "هذه الصفحة غير معزولة، فيعمل النموذج بخيط واحد ويجيب أبطأ.",
  "This browser does not let Alcove keep models: they are downloaded again each time.":
    "لا يسمح هذا المتصفح لـAlcove بحفظ النماذج: تُنزَّل كل مرة من جديد.",
  "Alcove cannot run this kind of model yet.": "لا يستطيع Alcove تشغيل هذا النوع من النماذج بعد.",
  "There is no graphics card here, and it is too large without one.":
    "لا بطاقة رسومات هنا، وهو كبير جدًا من دونها.",
  "There is no graphics card here: it runs, but very slowly.": "لا بطاقة رسومات هنا: يعمل، ولكن ببطء شديد.",
  "It needs {needed} of memory; this device has about {memory} GB.":
    "يحتاج إلى {needed} من الذاكرة؛ في هذا الجهاز نحو {memory} GB.",
  "It needs {needed} of memory.": "يحتاج إلى {needed} من الذاكرة.",
  "Nobody publishes its checksum. That of your first download will be kept.":
    "لا أحد ينشر بصمته. ستُحفظ بصمة تنزيلك الأول.",
  "Your own file, compared with what you imported.": "ملفك، مقارنًا بما استوردته.",
  "Try another browser or another engine.": "جرّب متصفحًا آخر أو محركًا آخر.",
  "Close other tabs or choose a smaller model.": "أغلق علامات أخرى أو اختر نموذجًا أصغر.",
  "Try again; the engine is being restarted.": "حاول مرة أخرى؛ يُعاد تشغيل المحرك.",
  "Choose a model from the list.": "اختر نموذجًا من القائمة.",
  "Remove the model and download it again, or choose another file.":
    "أزل النموذج ونزّله من جديد، أو اختر ملفًا آخر.",
  "Check the connection and try again.": "تحقق من الاتصال وحاول مرة أخرى.",
  "Remove the file and download it again.": "أزل الملف ونزّله من جديد.",
  "Free some disk space or remove a model.": "حرّر مساحة على القرص أو أزل نموذجًا.",
  "Shorten the message or start a new conversation.": "اختصر الرسالة أو ابدأ محادثة جديدة.",
  "Send again when you like.": "أرسل مجددًا متى شئت.",
  "Wait for the current answer or stop it.": "انتظر الإجابة الجارية أو أوقفها.",
  "Try again.": "حاول مرة أخرى.",
  "Correct the request and send it again.": "صحح الطلب وأرسله مجددًا.",
  "Stopped.": "تم الإيقاف.",
  "Alcove was closed.": "أُغلق Alcove.",
  "There is not enough memory for this model.": "الذاكرة لا تكفي لهذا النموذج.",
  "The graphics card has too little memory for this model.":
    "ذاكرة بطاقة الرسومات أقل مما يحتاج إليه هذا النموذج.",
  "The graphics card was lost while the model was using it.": "فُقدت بطاقة الرسومات والنموذج يستخدمها.",
  "The browser has no room left for this file.": "لم تبق في المتصفح مساحة لهذا الملف.",
  "There is no room left: what is new here is not being kept.": "لم تبق مساحة: ما هو جديد هنا لا يُحفظ.",
  "The language engine stopped unexpectedly.": "توقف محرك اللغة فجأة.",
  "The engine stopped in the middle of its work.": "توقف المحرك في وسط عمله.",
  "The answer broke off.": "انقطعت الإجابة.",
  "No answer came in time.": "لم تأتِ إجابة في الوقت المناسب.",
  "Your server did not answer in time.": "لم يجب خادمك في الوقت المناسب.",
  "Your server cannot be reached.": "لا يمكن الوصول إلى خادمك.",
  "Python could not be loaded.": "تعذر تحميل Python.",
  "An answer is still being written.": "ما زالت إجابة تُكتب.",
  "This conversation is being answered in another tab.": "تُجاب هذه المحادثة في علامة أخرى.",
  "This file cannot be read.": "لا يمكن قراءة هذا الملف.",
  "The downloaded file is not the one that was expected; it was deleted.":
    "الملف المنزَّل ليس المتوقع؛ وقد حُذف.",
  "This browser has no microphone for web pages.": "لا يتيح هذا المتصفح الميكروفون لصفحات الويب.",
  "This browser has no camera for web pages.": "لا يتيح هذا المتصفح الكاميرا لصفحات الويب.",
  "This browser cannot share the screen.": "لا يستطيع هذا المتصفح مشاركة الشاشة.",
  "Something went wrong inside Alcove.": "حدث خطأ داخل Alcove.",
  "Works with numbers and tables by writing and running Python, and draws what it finds.":
    "يعمل مع الأعداد والجداول بكتابة Python وتشغيله، ويرسم ما يجده.",
  "Answers, writes and counts. It has a calculator and a clock, and says so when it does not know.":
    "يجيب ويكتب ويعدّ. لديه حاسبة وساعة، ويقول ذلك عندما لا يعرف.",
  "Looks through the camera or at the screen for you, and tells what is there. It asks each time.":
    "ينظر لأجلك عبر الكاميرا أو إلى الشاشة ويخبرك بما هناك. يسأل كل مرة.",
  "Answers from your documents, and says where it stands. Add them in the Documents tab first.":
    "يجيب من مستنداتك ويقول أين ورد ذلك. أضفها أولًا في قسم المستندات.",
  "A man's voice, American English. Made of recordings in the public domain (CC0), from a voice that was trained on Lessac's.":
    "صوت رجل بالإنجليزية الأمريكية. صُنع من تسجيلات في الملك العام (CC0)، من صوت دُرِّب على صوت Lessac.",
  "Finds passages of documents by their meaning. English; vectors of 384 numbers.":
    "يجد مقاطع المستندات بمعناها. الإنجليزية؛ متجهات من 384 عددًا.",
  "Reads print in pictures, screens and scanned pages: Latin letters, Chinese and Japanese. Made by PaddleOCR. Handwriting it reads badly.":
    "يقرأ المطبوع في الصور والشاشات والصفحات الممسوحة: الحروف اللاتينية والصينية واليابانية. من صنع PaddleOCR. قراءته لخط اليد ضعيفة.",
  "It names up to three shapes, with colour, size and place, best on a plain background. It knows no people, rooms or things, and can hardly read.":
    "يسمي حتى ثلاثة أشكال بلونها وحجمها ومكانها، والأفضل على خلفية بسيطة. لا يعرف الناس ولا الغرف ولا الأشياء، ويكاد لا يقرأ.",
};
