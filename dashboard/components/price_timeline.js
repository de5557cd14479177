const BAR = 30;
const LANE = 76;
const CHARACTER = 7;

export default {
  template: `
    <div class="t-timeline" ref="root">
      <svg v-if="width && lanes.length" :width="width" :height="height" role="img" :aria-label="'Pricing timeline of ' + lanes.map((l) => l.service).join(', ')">
        <defs>
          <linearGradient id="t-open"><stop offset="0" stop-color="#fff"></stop><stop offset="1" stop-color="#fff" stop-opacity=".15"></stop></linearGradient>
          <mask id="t-open-mask" maskContentUnits="objectBoundingBox"><rect width="1" height="1" fill="url(#t-open)"></rect></mask>
        </defs>
        <g v-for="t in times" :key="t.at">
          <line class="t-chart__grid" :x1="x(t.at)" :x2="x(t.at)" y1="20" :y2="height - 24"></line>
          <text class="t-chart__label" :x="x(t.at)" :y="height - 8" text-anchor="middle">{{ t.label }}</text>
        </g>
        <g class="t-timeline__today">
          <line :x1="x(today)" :x2="x(today)" y1="20" :y2="height - 24"></line>
          <text :x="x(today)" y="13" :text-anchor="x(today) > width - 40 ? 'end' : 'middle'">Today</text>
        </g>
        <g v-for="(lane, i) in lanes" :key="lane.service">
          <text class="t-timeline__service" x="0" :y="y(i) - 26">{{ lane.service }}</text>
          <g v-for="s in placed(lane)" :key="s.id" :class="'t-stretch t-stretch--' + s.status.toLowerCase()">
            <title>{{ s.label }} · {{ s.status }} · {{ s.period }}</title>
            <rect :x="s.x" :y="y(i)" :width="s.width" :height="30" rx="6" :mask="s.until === null && s.status === 'Active' ? 'url(#t-open-mask)' : undefined"></rect>
            <text v-if="s.inside" :x="s.x + 10" :y="y(i) + 19.5">{{ s.label }}</text>
            <text v-else-if="s.above !== null" class="t-stretch__above" :x="s.above" :y="y(i) - 7">{{ s.label }}</text>
          </g>
        </g>
      </svg>
      <ul class="t-timeline__list">
        <template v-for="lane in lanes" :key="lane.service">
          <li v-for="s in lane.stretches" :key="s.id">
            <span class="t-timeline__swatch" :class="'t-stretch--' + s.status.toLowerCase()"></span>
            <span class="t-timeline__what"><strong>{{ s.label }}</strong><small>{{ lane.service }}</small></span>
            <span class="t-timeline__when">{{ s.period }}</span>
            <span class="t-badge" :class="'t-badge--' + { Past: 'muted', Active: 'positive', Scheduled: 'info' }[s.status]">{{ s.status }}</span>
          </li>
        </template>
      </ul>
    </div>`,
  props: { lanes: Array },
  data: () => ({ width: 0, today: Date.now() }),
  mounted() {
    this.observer = new ResizeObserver(([entry]) => (this.width = Math.floor(entry.contentRect.width)));
    this.observer.observe(this.$refs.root);
  },
  unmounted() {
    this.observer.disconnect();
  },
  computed: {
    height() { return 24 + this.lanes.length * LANE + 24; },
    start() { return Math.min(...this.stretches.map((s) => s.begins)); },
    // Open stretches go on past today and past whatever is scheduled.
    end() {
      const known = Math.max(this.today, ...this.stretches.map((s) => s.until || s.begins));
      const open = this.stretches.some((s) => s.until === null && s.begins >= known);
      return known + (known - this.start) * (open ? 0.25 : 0.14) + 86400000;
    },
    stretches() { return this.lanes.flatMap((lane) => lane.stretches); },
    times() {
      const count = Math.max(2, Math.floor(this.width / 110));
      return tijori.timeTicks(this.start, this.end, count).filter((t) => this.x(t.at) > 16 && this.x(t.at) < this.width - 20);
    },
  },
  methods: {
    x(at) { return ((at - this.start) / (this.end - this.start)) * this.width; },
    y(lane) { return 24 + lane * LANE + LANE - BAR - 10; },
    // A label stands in its bar where it fits, else above it, unless one stands there already.
    placed(lane) {
      let free = 0;
      return lane.stretches.map((s) => {
        const x = this.x(s.begins);
        const width = Math.max(this.x(s.until === null ? this.end : s.until) - x - 3, 4);
        const needed = s.label.length * CHARACTER;
        const inside = width >= needed + 20;
        const at = Math.min(x, this.width - needed);
        const above = !inside && at >= free ? at : null;
        if (above !== null) free = at + needed + 12;
        return { ...s, x, width, inside, above };
      });
    },
  },
};
