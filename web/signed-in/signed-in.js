// Where a server that signs people in sends them back to: tells the tab that waits (`web/sdk/mcp/sign-in.ts`), and goes.
const said = Object.fromEntries(new URLSearchParams(location.search));
// The code in it is good for one use, and need not stand in the history.
history.replaceState(null, "", location.pathname);
new BroadcastChannel("alcove-sign-in").postMessage(said);
setTimeout(() => window.close(), 500);
