"use strict";
// The launch: asks the Platform for the secret of this login and posts it. The server compares; here nothing is decided.
async function complete() {
  const storage = await platformStorage(data.storage, 1000, 2000);
  const value = await storage.get(data.storage.key);
  if (value === null) return showAgain();
  storage.put(data.storage.key, null); // it has served
  const form = document.getElementById("complete");
  form.elements.binding.value = value;
  form.submit();
}

complete().catch(showAgain);
