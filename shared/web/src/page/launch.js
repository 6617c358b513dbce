"use strict";
// The launch: asks the Platform for the secret of this login and posts it. The server compares; here nothing is decided.
async function complete() {
  const storage = await platformStorage(data.storage, 1000, 2000);
  const value = await storage.get(data.storage.key);
  if (value === null) return showAgain();
  storage.put(data.storage.key, null); // it has served
  const form = document.getElementById("complete");
  form.elements.binding.value = value;
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  // `replace`: Back must not lead here again, where the launch is over.
  if (answer.ok) location.replace((await answer.json()).location);
  else showPage(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

// The words of an error page, in place of ours.
function showPage(page) {
  document.documentElement.lang = page.documentElement.lang;
  document.title = page.title;
  document.body.replaceChildren(page.querySelector("main"));
  fitFrame();
}

complete().catch(showAgain);
