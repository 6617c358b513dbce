"use strict";
// Tells the Platform that the registration is over (LTI Dynamic Registration 1.0). Platforms are framed by hosts that no
// configuration names, so it goes to any; there is nothing in it. At top level `window.parent` is this window itself.
const host = window.opener || (window.parent === window ? null : window.parent);
if (host) {
  const close = document.getElementById("close");
  close.hidden = false;
  close.querySelector("button").addEventListener("click", () => {
    host.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
  });
}
