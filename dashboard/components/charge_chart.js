const PAD = { top: 12, right: 12, bottom: 26, left: 8 };
const WIDEST = 56;

export default {
  template: `
    <div>
      <figure class="t-chart" ref="root" tabindex="0" role="img" :aria-label="summary"
              @pointermove="point" @pointerleave="active = null" @keydown.left.prevent="step(-1)" @keydown.right.prevent="step(1)" @blur="active = null">
        <svg v-if="width" :width="width" :height="height" aria-hidden="true">
          <defs>
            <pattern id="t-marks-1" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="t-marks" d="M0,0V6" stroke-width="4"></path></pattern>
            <pattern id="t-marks-2" width="7" height="7" patternUnits="userSpaceOnUse"><circle class="t-marks t-marks--dot" cx="3.5" cy="3.5" r="1.6"></circle></pattern>
            <pattern id="t-marks-3" width="6" height="6" patternUnits="userSpaceOnUse"><path class="t-marks" d="M0,0H6" stroke-width="4"></path></pattern>
            <pattern id="t-marks-4" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="t-marks" d="M0,0V8M0,0H8" stroke-width="3"></path></pattern>
            <pattern id="t-marks-5" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><path class="t-marks" d="M0,0V6" stroke-width="7"></path></pattern>
          </defs>
          <g v-for="t in ticks" :key="t.height">
            <line class="t-chart__grid" :x1="left" :x2="width - 12" :y1="y(t.height)" :y2="y(t.height)"></line>
            <text class="t-chart__label" :x="left - 10" :y="y(t.height) + 4" text-anchor="end">{{ t.label }}</text>
          </g>
          <g v-for="(b, i) in bars" :key="b.id" :class="{ 't-bar--aside': active !== null && active !== i }">
            <g v-for="p in b.parts" :key="p.series" :class="'t-series t-series--' + p.series">
              <rect class="t-series__fill" :x="middle(i) - thick / 2" :y="y(p.end)" :width="thick" :height="Math.max(y(p.start) - y(p.end) - (p.start ? 1 : 0), 0.5)"></rect>
              <rect v-if="p.series" :fill="'url(#t-marks-' + p.series + ')'" :x="middle(i) - thick / 2" :y="y(p.end)" :width="thick" :height="Math.max(y(p.start) - y(p.end) - (p.start ? 1 : 0), 0.5)"></rect>
            </g>
            <text class="t-chart__label" :x="middle(i)" :y="height - 6" text-anchor="middle">{{ b.short }}</text>
          </g>
        </svg>
        <figcaption v-if="current" class="t-chart__tip t-bar__tip" :style="tip">
          <strong>{{ current.total }}</strong><span>{{ current.month }}{{ active === bars.length - 1 ? ", so far" : "" }}</span>
          <span v-for="p in [...current.parts].reverse()" :key="p.series" class="t-bar__part"><span>{{ series[p.series]?.name }}</span><span>{{ p.label }}</span></span>
        </figcaption>
      </figure>
      <ul class="t-legend" aria-label="This month by service">
        <li v-for="(s, i) in series" :key="s.name" :class="'t-series t-series--' + i">
          <svg class="t-legend__swatch" viewBox="0 0 14 14" aria-hidden="true"><rect class="t-series__fill" width="14" height="14" rx="3"></rect><rect v-if="i" :fill="'url(#t-marks-' + i + ')'" width="14" height="14" rx="3"></rect></svg>
          <span class="t-legend__name">{{ s.name }}</span><span>{{ s.figure }}</span>
        </li>
      </ul>
      <div class="t-unseen">
        <table :aria-label="label"><thead><tr><th scope="col">Month</th><th v-for="s in series" :key="s.name" scope="col">{{ s.name }}</th><th scope="col">All</th></tr></thead>
          <tbody><tr v-for="b in bars" :key="b.id"><th scope="row">{{ b.month }}</th><td v-for="(s, i) in series" :key="s.name">{{ b.parts.find((p) => p.series === i)?.label || "nothing" }}</td><td>{{ b.total }}</td></tr></tbody>
        </table>
      </div>
    </div>`,
  props: { label: String, bars: Array, series: Array, ticks: Array, scale: Number },
  data: () => ({ width: 0, height: 240, active: null }),
  mounted() {
    this.observer = new ResizeObserver(([entry]) => (this.width = Math.floor(entry.contentRect.width)));
    this.observer.observe(this.$refs.root);
  },
  unmounted() { this.observer.disconnect(); },
  computed: {
    left() { return PAD.left + 10 + Math.max(0, ...this.ticks.map((t) => t.label.length)) * 6.6; },
    lane() { return (this.width - this.left - PAD.right) / Math.max(this.bars.length, 1); },
    thick() { return Math.max(2, Math.min(WIDEST, this.lane * 0.6)); },
    current() { return this.active === null ? null : this.bars[Math.min(this.active, this.bars.length - 1)]; },
    tip() {
      // Beside its bar, on the side that has more room.
      const x = this.middle(this.active);
      const isLeft = x > this.width / 2;
      return { left: `${x + (this.thick / 2 + 8) * (isLeft ? -1 : 1)}px`, transform: isLeft ? "translateX(-100%)" : "none" };
    },
    summary() {
      const last = this.bars[this.bars.length - 1];
      return last ? `${this.label}: ${last.total} in ${last.month} so far. Arrow keys go through the months.` : this.label;
    },
  },
  methods: {
    middle(i) { return this.left + this.lane * (i + 0.5); },
    y(height) { return PAD.top + (1 - height / this.scale) * (this.height - PAD.top - PAD.bottom); },
    point(event) {
      const at = event.clientX - this.$refs.root.getBoundingClientRect().left - this.left;
      const lane = Math.floor(at / this.lane);
      this.active = lane >= 0 && lane < this.bars.length ? lane : null;
    },
    step(by) {
      const from = this.active === null ? this.bars.length : this.active;
      if (this.bars.length) this.active = Math.max(0, Math.min(this.bars.length - 1, from + by));
    },
  },
};
