// The light is chosen before the first paint; the choice is kept in a cookie, else the system's is followed.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => (document.cookie.match(/(?:^|; )tijori_theme=(dark|light)/) || [])[1];
  const current = () => chosen() || (system.matches ? "dark" : "light");
  const apply = () => (document.documentElement.dataset.theme = current());
  apply();
  system.addEventListener("change", apply);

  window.tijori = {
    // Turns the light and tells whether it is dark now.
    toggleTheme() {
      const next = current() === "dark" ? "light" : "dark";
      document.cookie = `tijori_theme=${next}; path=/; max-age=31536000; samesite=strict`;
      return apply() === "dark";
    },
    // What only the browser knows about its viewer.
    zone: () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
    // Instants for a time axis: about so many, on whole days or months of the viewer's own calendar.
    timeTicks(start, end, count) {
      const day = 86400000;
      const span = (end - start) / Math.max(count, 1);
      const months = [1, 2, 3, 6, 12, 24, 60].find((n) => n * 30.5 * day >= span) || 120;
      const days = [1, 2, 3, 7, 14].find((n) => n * day >= span);
      const at = new Date(start);
      const ticks = [];
      const step = days
        ? () => at.setDate(at.getDate() + days)
        : () => at.setMonth(at.getMonth() + months);
      at.setHours(0, 0, 0, 0);
      if (!days) at.setMonth(months < 12 ? Math.floor(at.getMonth() / months) * months : 0, 1);
      for (; at <= end; step()) {
        if (at < start) continue;
        const year = !days && (at.getMonth() === 0 || !ticks.length);
        const label = days
          ? at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })
          : at.toLocaleDateString("en-GB", { month: "short", ...(year ? { year: "numeric" } : {}) });
        ticks.push({ at: +at, label: label.replace("Sept", "Sep") });
      }
      return ticks;
    },
    // Puts an id on the clipboard, where the browser allows it.
    copy: (text) => navigator.clipboard?.writeText(text),
  };
})();
