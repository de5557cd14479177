const PAD = { top: 12, right: 12, bottom: 26, left: 8 };

export default {
  template: `
    <div>
      <figure class="t-chart" ref="root" tabindex="0" role="img" :aria-label="summary"
              @pointermove="point" @pointerleave="active = null" @keydown.left.prevent="step(-1)" @keydown.right.prevent="step(1)" @blur="active = null">
        <svg v-if="width && days.length" :width="width" :height="height" aria-hidden="true">
          <g v-for="t in ticks" :key="t.height">
            <line class="t-chart__grid" :x1="left" :x2="width - 12" :y1="y(t.height)" :y2="y(t.height)"></line>
            <text class="t-chart__label" :x="left - 10" :y="y(t.height) + 4" text-anchor="end">{{ t.label }}</text>
          </g>
          <text v-for="d in named" :key="d.at" class="t-chart__label" :x="x(d)" :y="height - 6" text-anchor="middle">{{ d.day.replace(/,? \\d{4}$/, "") }}</text>
          <text class="t-chart__label" :x="width - 12" :y="height - 6" text-anchor="end">Now</text>
          <path class="t-chart__area" :d="line + 'V' + y(0) + 'H' + x(days[0]) + 'Z'"></path>
          <path class="t-chart__line" :d="line"></path>
          <line v-if="current" class="t-chart__cross" :x1="x(current)" :x2="x(current)" :y1="12" :y2="height - 26"></line>
          <circle class="t-chart__dot" :cx="x(current || last)" :cy="y((current || last).height)" :r="current ? 4.5 : 4"></circle>
        </svg>
        <figcaption v-if="current" class="t-chart__tip" :style="tip"><strong>{{ current.label }}</strong><span>{{ when(current) }}</span></figcaption>
      </figure>
      <div class="t-unseen">
        <table :aria-label="label"><thead><tr><th scope="col">Day</th><th scope="col">Held at its end</th></tr></thead>
          <tbody><tr v-for="d in days" :key="d.at"><th scope="row">{{ when(d) }}</th><td>{{ d.label }}</td></tr></tbody>
        </table>
      </div>
    </div>`,
  props: { label: String, days: Array, ticks: Array, scale: Number },
  data: () => ({ width: 0, height: 240, active: null }),
  mounted() {
    this.observer = new ResizeObserver(([entry]) => (this.width = Math.floor(entry.contentRect.width)));
    this.observer.observe(this.$refs.root);
  },
  unmounted() { this.observer.disconnect(); },
  computed: {
    left() { return PAD.left + 10 + Math.max(0, ...this.ticks.map((t) => t.label.length)) * 6.6; },
    last() { return this.days[this.days.length - 1]; },
    current() { return this.active === null ? null : this.days[Math.min(this.active, this.days.length - 1)]; },
    line() {
      // A single day is as wide as the drawing: what is held now.
      if (this.days.length === 1) return `M${this.left},${this.y(this.last.height)}H${this.width - PAD.right}`;
      return this.days.map((d, i) => `${i ? "L" : "M"}${this.x(d)},${this.y(d.height)}`).join("");
    },
    // So many days as have room for their names, counted back from the last one.
    named() {
      const room = Math.max(1, Math.ceil((this.days.length * 64) / Math.max(this.width - this.left, 1)));
      return this.days.filter((d, i) => (this.days.length - 1 - i) % room === 0 && this.x(d) < this.width - 72 && this.x(d) > this.left + 8);
    },
    tip() {
      const x = this.x(this.current);
      return { left: `${x}px`, transform: `translateX(${x > this.width - 120 ? "-100%" : x < 120 ? "0" : "-50%"})` };
    },
    summary() {
      if (!this.days.length) return this.label;
      return `${this.label}: ${this.days[0].label} on ${this.days[0].day}, ${this.last.label} now. Arrow keys go through the days.`;
    },
  },
  methods: {
    when(day) { return day === this.last ? `${day.day}, now` : day.day; },
    x(day) {
      if (this.days.length === 1) return this.width - PAD.right;
      return this.left + (day.at / this.last.at) * (this.width - this.left - PAD.right);
    },
    y(height) { return PAD.top + (1 - height / this.scale) * (this.height - PAD.top - PAD.bottom); },
    point(event) {
      const at = event.clientX - this.$refs.root.getBoundingClientRect().left;
      const away = this.days.map((d) => Math.abs(this.x(d) - at));
      this.active = this.days.length ? away.indexOf(Math.min(...away)) : null;
    },
    step(by) {
      const from = this.active === null ? this.days.length : this.active;
      if (this.days.length) this.active = Math.max(0, Math.min(this.days.length - 1, from + by));
    },
  },
};
