/** What `alcove-chat.js` is: it defines the tag, and has its class for those who want the type. */
export { AlcoveChatElement } from "./chat.ts";
