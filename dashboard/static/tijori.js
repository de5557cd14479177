// The light is chosen before the first paint; the choice is kept in a cookie, else the system's is followed.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => (document.cookie.match(/(?:^|; )tijori_theme=(dark|light)/) || [])[1];
  const current = () => chosen() || (system.matches ? "dark" : "light");
  const apply = () => (document.documentElement.dataset.theme = current());
  apply();
  system.addEventListener("change", apply);

  const LENGTHS = { minutes: 60000, hours: 3600000, days: 86400000, months: 2635200000 };
  const STEPS = [
    ...[1, 2, 5, 10, 15, 30].map((n) => ["minutes", n]),
    ...[1, 2, 3, 6, 12].map((n) => ["hours", n]),
    ...[1, 2, 3, 7, 14].map((n) => ["days", n]),
    ...[1, 2, 3, 6, 12, 24, 60].map((n) => ["months", n]),
  ];
  const floor = (at, unit, size) => {
    if (unit === "minutes") return at.setMinutes(Math.floor(at.getMinutes() / size) * size, 0, 0);
    if (unit === "hours") return at.setHours(Math.floor(at.getHours() / size) * size, 0, 0, 0);
    at.setHours(0, 0, 0, 0);
    if (unit === "months") at.setMonth(size < 12 ? Math.floor(at.getMonth() / size) * size : 0, 1);
  };
  const advance = (at, unit, size) => {
    if (unit === "minutes") at.setMinutes(at.getMinutes() + size);
    else if (unit === "hours") at.setHours(at.getHours() + size);
    else if (unit === "days") at.setDate(at.getDate() + size);
    else at.setMonth(at.getMonth() + size);
  };
  // The pages are in English; days and hours stand as the viewer writes them.
  const tongue = () => (/^en-(IN|US)$/.test(navigator.language) ? navigator.language : "en-GB");
  const tickLabel = (at, unit, first) => {
    const words = (options) => at.toLocaleDateString(tongue(), options).replace("Sept", "Sep");
    if (unit === "months") {
      const year = first || at.getMonth() === 0 ? { year: "numeric" } : {};
      return words({ month: "short", ...year });
    }
    const midnight = at.getHours() === 0 && at.getMinutes() === 0;
    const elsewhen = first && at.getFullYear() !== new Date().getFullYear() ? { year: "numeric" } : {};
    if (unit === "days" || midnight) return words({ day: "numeric", month: "short", ...elsewhen });
    return at.toLocaleTimeString(tongue(), { hour: "numeric", minute: "2-digit" });
  };

  // Signing out ends what the page listens to: it must not take that for a session that ran out. And of several parts
  // of a page that find it has, one leads to sign in: a second reload would come without a session, and not say why.
  let leaving = false;
  addEventListener("submit", () => (leaving = true), true);

  window.tijori = {
    again() {
      if (leaving) return;
      leaving = true;
      location.reload();
    },
    // Turns the light and tells whether it is dark now.
    toggleTheme() {
      const next = current() === "dark" ? "light" : "dark";
      document.cookie = `tijori_theme=${next}; path=/; max-age=31536000; samesite=strict`;
      return apply() === "dark";
    },
    // What only the browser knows about its viewer.
    zone: () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
    // The viewer's own day, as 2025-04-01.
    today: () => new Date().toLocaleDateString("en-CA"),
    now: () => new Date().toISOString(),
    // Instants for a time axis: about so many, on whole minutes, hours, days or months of the viewer's own calendar.
    timeTicks(start, end, count) {
      const wanted = (end - start) / Math.max(count, 1);
      const [unit, size] = STEPS.find(([unit, size]) => LENGTHS[unit] * size >= wanted) || ["months", 120];
      const at = new Date(start);
      const ticks = [];
      for (floor(at, unit, size); at <= end; advance(at, unit, size)) {
        if (at >= start) ticks.push({ at: +at, label: tickLabel(at, unit, !ticks.length) });
      }
      return ticks;
    },
    // Puts an id on the clipboard, where the browser allows it.
    copy: (text) => navigator.clipboard?.writeText(text),
  };
})();
