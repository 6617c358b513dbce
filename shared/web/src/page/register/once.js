"use strict";
// The registration is sent once: the server sees to that, and the button does not invite to try.
document.forms[0].addEventListener("submit", () => {
  const button = document.querySelector("button");
  setTimeout(() => { button.disabled = true; });
});
