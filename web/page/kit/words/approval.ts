/** What the card says that asks for a permission. */
import { words } from "../words.ts";

export const w = words("approval", {
  title: "Alcove asks for your permission",
  assistant: "The assistant",
  wants: "{who} wants to use {tool}",
  wantsWith: "{who} wants to use {tool} with this:",
  given: "What {tool} is given",
});

/** The options, by how the guard spells them. */
export const options = words("approval-options", {
  "Allow once": "Allow once",
  "Allow in this conversation": "Allow in this conversation",
  "Allow always": "Allow always",
  Deny: "Deny",
  "Never allow": "Never allow",
});
