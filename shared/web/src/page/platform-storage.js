"use strict";
// Platform storage: asks the Platform to keep a value for this Tool, or for one that it kept. This is the asking side
// of "LTI postMessage Storage"; products differ, and the comments name them.
//
// A value is posted to the Platform's origin and believed from there alone. The names of frames and messages may come
// from anywhere: whatever they say, no other origin hears the value.

// D2L knows the older names only, Canvas the newer only.
const PREFIXES = ["lti.", "org.imsglobal.lti."];
// How long until the next window or name is tried, besides waiting for those that were.
const STEP_MS = 250;

// The windows that may be the Platform's: around this frame, or what opened this window. At top level `window.parent` is
// this window itself.
const hosts = [window.parent, window.opener].filter((host) => host && host !== window);

function child(owner, name) {
  try {
    const found = owner.frames[name];
    return found && typeof found.postMessage === "function" ? found : null;
  } catch {
    return null; // some browsers refuse names of frames across origins
  }
}

// Where a message may be heard: the frames of these names beside this one, then the hosts themselves. In Canvas's editor
// the named frame is missing.
function windowsOf(names) {
  const found = [];
  const add = (target) => {
    if (target && target !== window && !found.includes(target)) found.push(target);
  };
  for (const name of names) {
    for (const host of hosts) add(name === "_parent" ? host : child(host, name));
  }
  hosts.forEach(add);
  for (const name of names) add(child(window.top, name));
  return found;
}

// Some send text. What is neither an object nor an object's text is somebody else's message.
function asObject(data) {
  try {
    const value = typeof data === "string" ? JSON.parse(data) : data;
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}

// Tries one question after the other: the first good answer with the question that it answers, or null when all are
// refused, or `patienceMs` are over. Canvas's mobile apps never answer.
function ask(questions, origin, stepMs, patienceMs) {
  return new Promise((resolve) => {
    const open = new Map();
    let next = 0;
    const sendNext = () => {
      if (next === questions.length) return clearInterval(stepping);
      const question = questions[next++];
      const id = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
      open.set(id, question);
      question.target.postMessage(Object.assign({ message_id: id }, question.message), origin);
    };
    const end = (answer) => {
      clearInterval(stepping);
      clearTimeout(waiting);
      window.removeEventListener("message", hear);
      resolve(answer);
    };
    const hear = (event) => {
      const answer = asObject(event.data);
      const question = answer && open.get(answer.message_id);
      if (!question || answer.subject !== question.message.subject + ".response") return;
      if (origin !== "*" && event.origin !== origin) return;
      open.delete(answer.message_id);
      if (!answer.error) end({ answer, question }); // an object, or Sakai's text
      else if (next < questions.length) sendNext();
      else if (open.size === 0) end(null);
    };
    const stepping = setInterval(sendNext, stepMs);
    const waiting = setTimeout(end, questions.length === 0 ? 0 : patienceMs, null);
    window.addEventListener("message", hear);
    sendNext();
  });
}

// What the Platform says of its storage: prefix and frame of each message that it knows.
async function capabilities(patienceMs) {
  const questions = [];
  for (const target of hosts) {
    for (const prefix of PREFIXES) questions.push({ target, message: { subject: prefix + "capabilities" } });
  }
  const heard = await ask(questions, "*", 0, patienceMs);
  const supported = heard && heard.answer.supported_messages;
  return (Array.isArray(supported) ? supported : []).filter((message) => message && typeof message === "object");
}

// The storage at `place`. `put` is true once the value is kept, `get` is the value or null; both give up by themselves.
async function platformStorage(place, capabilitiesMs, patienceMs) {
  const supported = await capabilities(capabilitiesMs);
  const send = async (verb, fields) => {
    const offered = supported.find((message) => PREFIXES.some((prefix) => message.subject === prefix + verb));
    const subjects = offered ? [offered.subject] : PREFIXES.map((prefix) => prefix + verb);
    const names = [offered && offered.frame, place.frame].filter((name) => name && typeof name === "string");
    const questions = [];
    for (const target of windowsOf(names)) {
      for (const subject of subjects) questions.push({ target, message: Object.assign({ subject }, fields) });
    }
    return ask(questions, place.origin, STEP_MS, patienceMs);
  };
  return {
    put: async (key, value) => (await send("put_data", { key, value })) !== null,
    get: async (key) => {
      const heard = await send("get_data", { key });
      return heard && typeof heard.answer.value === "string" && heard.answer.value ? heard.answer.value : null;
    },
  };
}
