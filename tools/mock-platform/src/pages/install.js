"use strict";
// The Tool says that its registration is over: the frame, or the window, has served. Nothing is read from the message.
const { done } = document.currentScript.dataset;
window.addEventListener("message", (event) => {
  if (event.data?.subject !== "org.imsglobal.lti.close") return;
  if (event.source && event.source.parent === event.source) event.source.close();
  location.assign(done);
});
