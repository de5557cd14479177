const PAD = { top: 12, right: 12, bottom: 26, left: 8 };
// After its last change a balance stands until today. Where that is most of the time, it gets this much of the width.
const STANDS = 0.2;

export default {
  template: `
    <figure class="t-chart" :class="{ 't-chart--empty': !points.length }" ref="root" tabindex="0" role="img" :aria-label="summary"
            @pointermove="point" @pointerleave="active = null" @keydown.left.prevent="step(-1)" @keydown.right.prevent="step(1)" @blur="active = null">
      <p v-if="!points.length" class="t-card__nothing">Drawn from the first transaction on.</p>
      <svg v-if="width && points.length" :width="width" :height="height" aria-hidden="true">
        <g v-for="t in ticks" :key="t.value">
          <line class="t-chart__grid" :x1="left" :x2="width - 12" :y1="y(t.value)" :y2="y(t.value)"></line>
          <text class="t-chart__label" :x="left - 10" :y="y(t.value) + 4" text-anchor="end">{{ t.label }}</text>
        </g>
        <text v-for="t in times" :key="t.at" class="t-chart__label" :x="x(t.at)" :y="height - 6" text-anchor="middle">{{ t.label }}</text>
        <text class="t-chart__label" :x="width - 12" :y="height - 6" text-anchor="end">Today</text>
        <path class="t-chart__area" :d="area"></path>
        <path v-if="free" class="t-chart__free" :d="free"></path>
        <path class="t-chart__line" :d="line"></path>
        <path class="t-chart__line" :class="{ 't-chart__line--long': isLong }" :d="rest"></path>
        <g v-if="current">
          <line class="t-chart__cross" :x1="x(current.at)" :x2="x(current.at)" :y1="12" :y2="height - 26"></line>
          <circle class="t-chart__dot" :cx="x(current.at)" :cy="y(current.value)" r="4.5"></circle>
        </g>
        <circle v-else class="t-chart__dot" :cx="x(end)" :cy="y(last.value)" r="4"></circle>
      </svg>
      <figcaption v-if="current" class="t-chart__tip" :style="tip">
        <strong>{{ current.label }}</strong><span v-if="current.free">{{ current.free }}</span><span>{{ current.what }}</span><span>{{ current.when }}</span>
      </figcaption>
    </figure>`,
  props: { points: Array, ticks: Array },
  data: () => ({ width: 0, height: 240, active: null, now: Date.now() }),
  mounted() {
    this.observer = new ResizeObserver(([entry]) => (this.width = Math.floor(entry.contentRect.width)));
    this.observer.observe(this.$refs.root);
    this.clock = setInterval(() => (this.now = Date.now()), 60000);
  },
  unmounted() {
    this.observer.disconnect();
    clearInterval(this.clock);
  },
  computed: {
    left() {
      return PAD.left + 10 + Math.max(0, ...this.ticks.map((t) => t.label.length)) * 6.6;
    },
    start() { return this.points[0].at; },
    last() { return this.points[this.points.length - 1]; },
    // The server's clock may be ahead of ours; and a single change needs some width to be seen.
    end() { return Math.max(this.now, this.last.at, this.start + 60000); },
    isLong() { return this.last.at > this.start && this.end - this.last.at > this.last.at - this.start; },
    room() { return this.width - this.left - PAD.right; },
    top() { return this.ticks.length ? this.ticks[this.ticks.length - 1].value : 1; },
    times() {
      if (!this.width) return [];
      const until = this.isLong ? this.last.at : this.end;
      const ticks = tijori.timeTicks(this.start, until, Math.max(2, Math.floor(this.room / 80)));
      return ticks.filter((t) => this.x(t.at) > this.left + 20 && this.x(t.at) < this.width - 76);
    },
    line() { return this.steps((p) => p.value); },
    // What is available is drawn only where something is, or was, locked.
    free() { return this.points.some((p) => p.available !== p.value) ? `${this.steps((p) => p.available)}H${this.x(this.end)}` : ""; },
    rest() { return `M${this.x(this.last.at)},${this.y(this.last.value)}H${this.x(this.end)}`; },
    area() { return `${this.line}H${this.x(this.end)}V${this.y(0)}H${this.x(this.start)}Z`; },
    current() { return this.active === null ? null : this.points[Math.min(this.active, this.points.length - 1)]; },
    tip() {
      const x = this.x(this.current.at);
      return { left: `${x}px`, transform: `translateX(${x > this.width - 120 ? "-100%" : x < 120 ? "0" : "-50%"})` };
    },
    summary() {
      if (!this.points.length) return "No balance yet";
      return `Balance over time, ${this.points.length} changes; now ${this.last.label}. Arrow keys go through them.`;
    },
  },
  methods: {
    x(at) {
      if (!this.isLong) return this.left + ((at - this.start) / (this.end - this.start)) * this.room;
      const rest = Math.max(at - this.last.at, 0) / (this.end - this.last.at);
      const history = (Math.min(at, this.last.at) - this.start) / (this.last.at - this.start);
      return this.left + (history * (1 - STANDS) + rest * STANDS) * this.room;
    },
    steps(of) {
      let path = `M${this.x(this.start)},${this.y(of(this.points[0]))}`;
      for (const p of this.points.slice(1)) path += `H${this.x(p.at)}V${this.y(of(p))}`;
      return path;
    },
    y(value) { return PAD.top + (1 - value / this.top) * (this.height - PAD.top - PAD.bottom); },
    point(event) {
      if (!this.points.length) return;
      const x = event.clientX - this.$refs.root.getBoundingClientRect().left;
      let nearest = 0;
      while (nearest + 1 < this.points.length && this.x(this.points[nearest + 1].at) <= x) nearest++;
      this.active = nearest;
    },
    step(by) {
      if (!this.points.length) return;
      const from = this.active === null ? this.points.length : this.active;
      this.active = Math.max(0, Math.min(this.points.length - 1, from + by));
    },
  },
};
