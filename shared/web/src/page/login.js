"use strict";
// The login: puts the secret of this login into Platform storage, and goes on to the Platform. Storage is never waited
// for longer than this: a second where the browser keeps cookies, three where it does not.
const PATIENCE_MS = { cookies: [400, 600], none: [1000, 2000] };

// Whether this browser keeps cookies here, of the kind that the login's own is.
function keepsCookies() {
  const attributes = "; Path=/; Secure; SameSite=None; Partitioned";
  try {
    document.cookie = "__Host-lti-probe=1" + attributes;
    const kept = document.cookie.includes("__Host-lti-probe=1");
    document.cookie = "__Host-lti-probe=; Max-Age=0" + attributes;
    return kept;
  } catch {
    return false;
  }
}

// Keys of earlier logins here that nobody came back for: a launch that has its cookie does not ask for its key. Canvas
// keeps 500 for a Tool. They are noted in this site's own storage, where the browser has one.
const NOTES = "lti-kept";
const KEPT_MS = 600000;

function leftBehind(key) {
  try {
    const notes = JSON.parse(localStorage.getItem(NOTES) || "[]");
    const isOld = (note) => note.at + KEPT_MS < Date.now();
    const kept = notes.filter((note) => !isOld(note)).concat({ key, at: Date.now() });
    localStorage.setItem(NOTES, JSON.stringify(kept));
    return notes.filter(isOld).map((note) => note.key);
  } catch {
    return [];
  }
}

// Where cookies are and the Platform answered, or nothing can be known (a sandboxed frame), the Platform is next.
async function putSecret() {
  const cookies = keepsCookies();
  let stored = false;
  if (data.storage && self.origin !== "null") {
    const [capabilitiesMs, patienceMs] = cookies ? PATIENCE_MS.cookies : PATIENCE_MS.none;
    const storage = await platformStorage(data.storage, capabilitiesMs, patienceMs);
    stored = await storage.put(data.storage.key, data.value);
    if (stored) leftBehind(data.storage.key).forEach((key) => storage.put(key, null));
  }
  return cookies || stored || self.origin === "null";
}

// `replace`: Back must not lead here again, where the login is over.
putSecret().then(
  (held) => (held ? location.replace(data.next) : showAgain()),
  () => location.replace(data.next),
);
