"use strict";
// What both pages of the way in share: their data, and the button that starts again in a new window.
const data = JSON.parse(document.getElementById("data").textContent);

function showAgain() {
  const again = document.getElementById("again");
  document.getElementById("wait").hidden = true;
  again.hidden = false;
  const heading = again.querySelector("h1");
  document.title = heading.textContent;
  heading.focus();
  fitFrame();
}
