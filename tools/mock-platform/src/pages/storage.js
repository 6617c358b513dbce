// Answers the LTI client-side postMessages of Tools, in the manner of one product.
//
// The script tag says which `part` this is: the Platform's `page` around the Tool, or one of two hidden frames beside
// the Tool that come from the sign-on host: `forwarding` (Canvas) or `storage` (Blackboard).
"use strict";

(() => {
  const { part, manner, target, pageOrigin } = document.currentScript.dataset;

  // Canvas and Brightspace keep so much for each origin; keys and values count in characters.
  const KEYS = 500;
  const CHARACTERS = 4096;
  // Sakai keeps so much for all Tools of a page; here is but one.
  const SAKAI_CHARACTERS = 300000;

  // ---- What is kept ------------------------------------------------------------------------------------------------

  // In memory, apart for each origin: dies with the page (Brightspace, Sakai, Blackboard).
  const memory = new Map();
  const memoryOf = (origin) => {
    if (!memory.has(origin)) memory.set(origin, new Map());
    return memory.get(origin);
  };

  // Tells whether there was room.
  const keep = (origin, key, value, keys, characters) => {
    const kept = memoryOf(origin);
    const others = [...kept].filter(([other]) => other !== key);
    const size = (pair) => String(pair[0]).length + String(pair[1]).length;
    const used = others.reduce((sum, pair) => sum + size(pair), size([key, value]));
    if (others.length >= keys || used > characters) return false;
    kept.set(key, value);
    return true;
  };

  // Canvas keeps data in the institution host's localStorage, where it outlives the page. It counts in memory, and a
  // key that is put twice counts twice.
  const canvasKey = (origin, key) => `lti|platform_storage|${origin}|${key}`;
  const counts = new Map();
  const count = (origin, keys, characters) => {
    const before = counts.get(origin) ?? { keys: 0, characters: 0 };
    const after = { keys: Math.max(0, before.keys + keys), characters: Math.max(0, before.characters + characters) };
    if (after.keys > KEYS || after.characters > CHARACTERS) return false;
    counts.set(origin, after);
    return true;
  };
  const canvasPut = (origin, key, value) => {
    if (!count(origin, 1, key.length + value.length)) return false;
    localStorage.setItem(canvasKey(origin, key), value);
    return true;
  };
  const canvasRemove = (origin, key) => {
    const value = localStorage.getItem(canvasKey(origin, key));
    if (value === null) return;
    count(origin, -1, -(key.length + value.length));
    localStorage.removeItem(canvasKey(origin, key));
  };

  // ---- Messages ----------------------------------------------------------------------------------------------------

  // The message, if it is one: other scripts post other things. A message may come as JSON text.
  const read = (data) => {
    try {
      const message = typeof data === "string" ? JSON.parse(data) : data;
      return typeof message?.subject === "string" ? message : null;
    } catch {
      return null;
    }
  };

  // A sandboxed frame has the origin "null", which browsers take for no target: no product can answer it.
  const answer = (event, { subject, message_id }, fields) => {
    if (event.origin === "null") return;
    const id = message_id === undefined ? {} : { message_id };
    event.source.postMessage({ subject: `${subject}.response`, ...id, ...fields }, event.origin);
  };

  // What a capabilities answer lists; put and get with the frame to ask, where the product names one.
  const supported = (prefix, frame) => [
    { subject: `${prefix}capabilities` },
    { subject: `${prefix}put_data`, ...(frame && { frame }) },
    { subject: `${prefix}get_data`, ...(frame && { frame }) },
  ];
  const refuse = (event, message, code, text) => answer(event, message, { error: { code, message: text } });

  const toolFrame = (source) =>
    [...document.querySelectorAll("iframe.tool")].find((frame) => frame.contentWindow === source);
  const resize = (source, height) => toolFrame(source)?.style.setProperty("height", height);

  // ---- Canvas ------------------------------------------------------------------------------------------------------

  // Only subjects without the older prefix; whatever else has a subject is refused.
  const canvas = (event, message) => {
    const { subject, message_id, key, value, height } = message;
    if (subject.endsWith(".response")) return;
    // Only the forwarding frame may say for whom it asks.
    const asker = event.source === window.frames[target] ? message.sourceToolInfo : undefined;
    const origin = asker?.origin ?? event.origin;
    const reply = (fields) => answer(event, message, asker ? { ...fields, sourceToolInfo: asker } : fields);
    const refuse = (code, text) => reply({ error: text ? { code, message: text } : { code } });
    switch (subject) {
      case "lti.capabilities":
        return reply({ supported_messages: [{ subject: "lti.frameResize" }, ...supported("lti.", target)] });
      case "lti.frameResize":
        resize(event.source, typeof height === "string" ? height : `${Math.max(1, height)}px`);
        return reply({});
      case "lti.get_data":
      case "lti.put_data":
        if (typeof key !== "string" || key === "") return refuse("bad_request", "Missing required 'key' field");
        if (!message_id) return refuse("bad_request", "Missing required 'message_id' field");
        if (subject === "lti.get_data") return reply({ key, value: localStorage.getItem(canvasKey(origin, key)) });
        if (!value) {
          canvasRemove(origin, key);
          return reply({ key });
        }
        if (typeof value !== "string") return refuse("bad_request", "The 'value' is no text");
        if (!canvasPut(origin, key, value)) return refuse("storage_exhaustion", "Reached limit for tool");
        return reply({ key, value });
      default:
        return refuse("unsupported_subject");
    }
  };

  // The frame that is named `post_message_forwarding`. A window cannot be sent in a message, so that it is numbered.
  const askers = [];
  const forward = (event, message) => {
    if (event.source === window.top) {
      const { sourceToolInfo, ...rest } = message;
      if (event.origin === pageOrigin && sourceToolInfo) {
        askers[sourceToolInfo.windowId]?.postMessage(rest, sourceToolInfo.origin);
      }
    } else if (event.origin !== "null") {
      if (!askers.includes(event.source)) askers.push(event.source);
      const sourceToolInfo = { origin: event.origin, windowId: askers.indexOf(event.source) };
      window.top.postMessage({ ...message, sourceToolInfo }, pageOrigin);
    }
  };

  // ---- Brightspace -------------------------------------------------------------------------------------------------

  // Texts are read for `lti.frameResize` alone, and objects for storage alone, whose subjects have the older prefix.
  const brightspace = (event, message) => {
    const { subject, message_id, key, value, height } = message;
    if (typeof event.data === "string") {
      if (subject === "lti.frameResize" && height >= 1 && height <= 10000) resize(event.source, `${height}px`);
      return;
    }
    if (!message_id) return;
    const isKeyMissing = key === undefined || key === null;
    switch (subject) {
      case "org.imsglobal.lti.capabilities":
        return answer(event, message, { supported_messages: supported("org.imsglobal.lti.") });
      case "org.imsglobal.lti.put_data":
        if (isKeyMissing) return refuse(event, message, "bad_request", "The request is missing the 'key' field.");
        if (keep(event.origin, key, value, KEYS, CHARACTERS)) return answer(event, message, { key, value });
        return refuse(event, message, "storage_exhaustion", "Reached storage limit.");
      case "org.imsglobal.lti.get_data": {
        if (isKeyMissing) return refuse(event, message, "bad_request", "The request is missing the 'key' field.");
        const kept = memoryOf(event.origin).get(key) ?? null;
        if (kept === null) return refuse(event, message, "key_not_found", `Key not found: ${key}`);
        return answer(event, message, { key, value: kept });
      }
    }
  };

  // ---- Sakai -------------------------------------------------------------------------------------------------------

  // Both prefixes; errors are texts. It looks for the id of the frame that asks, so that nobody else is heard, not even
  // a window that was opened.
  const sakai = (event, message) => {
    if (!toolFrame(event.source)?.id) return;
    const { subject, key, value, height } = message;
    switch (subject.replace(/^org\.imsglobal\./, "")) {
      case "lti.capabilities": {
        const both = [...supported("lti.", target), ...supported("org.imsglobal.lti.", target)];
        return answer(event, message, { supported_messages: [...both, { subject: "lti.frameResize" }] });
      }
      case "lti.frameResize":
        return resize(event.source, `${Math.max(1, height)}px`);
      case "lti.put_data":
        if (key === undefined || value === undefined) {
          return answer(event, message, { error: "key and value are required" });
        }
        if (keep(event.origin, key, value, Infinity, SAKAI_CHARACTERS)) return answer(event, message, { key, value });
        return answer(event, message, { key, error: "storage_exhaustion" });
      case "lti.get_data": {
        if (key === undefined) return answer(event, message, { error: "key is required" });
        const kept = memoryOf(event.origin).get(key);
        return answer(event, message, kept ? { key, value: kept } : { key, error: "Could not find key" });
      }
    }
  };

  // ---- Blackboard --------------------------------------------------------------------------------------------------

  // The page tells which frame to ask, and no more.
  const blackboard = (event, message) => {
    if (message.subject === "lti.frameResize") resize(event.source, `${Math.max(1, message.height)}px`);
    if (message.subject !== "lti.capabilities") return;
    answer(event, message, { supported_messages: supported("lti.", target) });
  };

  // The frame that is named `lti_storage_frame`.
  const store = (event, message) => {
    const { subject, key, value } = message;
    if (subject !== "lti.put_data" && subject !== "lti.get_data") return;
    if (typeof key !== "string" || key === "") return refuse(event, message, "bad_request", "The key is missing");
    const kept = memoryOf(event.origin);
    if (subject === "lti.get_data") return answer(event, message, { key, value: kept.get(key) ?? null });
    if (value === null || value === undefined) kept.delete(key);
    else if (!keep(event.origin, key, value, KEYS, CHARACTERS)) {
      return refuse(event, message, "storage_exhaustion", "There is no room");
    }
    answer(event, message, { key, value });
  };

  const products = { Canvas: canvas, CanvasSelfHosted: canvas, Brightspace: brightspace, Sakai: sakai };
  const page = { ...products, Blackboard: blackboard }[manner];
  const handle = { page, forwarding: forward, storage: store }[part];
  window.addEventListener("message", (event) => {
    const message = read(event.data);
    if (message) handle(event, message);
  });
})();
