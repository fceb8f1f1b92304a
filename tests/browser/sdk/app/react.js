import "alcove/chat";
import { createElement, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

const told = { base: "/alcove/", greeting: "Ask me anything.", system: "You are a helpful assistant." };

function Help() {
  const [shown, show] = useState(true);
  globalThis.show = show;
  return shown ? createElement("alcove-chat", told) : null;
}

createRoot(document.getElementById("root")).render(createElement(StrictMode, null, createElement(Help)));
