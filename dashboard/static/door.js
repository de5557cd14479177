// Comes in again, from a page of ours, so that the browser sends the session's cookie along. Once in five seconds at
// most, lest it go round for ever; and without the fragment, which would make it no navigation at all.
(() => {
  const here = location.pathname + location.search;
  const link = document.querySelector("a");
  const last = JSON.parse(sessionStorage.getItem("tijori_door") || "{}");
  link.href = here;
  if (last.here === here && Date.now() - last.at < 5000) return;
  sessionStorage.setItem("tijori_door", JSON.stringify({ here, at: Date.now() }));
  link.hidden = true;
  location.replace(here);
})();
