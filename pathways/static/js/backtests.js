// A replay that goes on: the page is asked for again until it has ended. Without this file, « Actualiser » does the same.
(() => {
  const EVERY = 2000;
  const follow = async () => {
    const here = document.querySelector("[data-replay-goes-on]");
    if (!here) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const there = page.querySelector("[data-replay-goes-on]");
      if (!there) { location.reload(); return; }
      const [mine, theirs] = [here.querySelector("progress"), there.querySelector("progress")];
      if (mine.value !== theirs.value) here.querySelector("p").replaceWith(there.querySelector("p"));
    } catch { /* the next one may answer */ }
    setTimeout(follow, EVERY);
  };
  setTimeout(follow, EVERY);
})();
