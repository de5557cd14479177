const TOP = 24;
const BAR = 30;
const LANE = 76;
const CHARACTER = 7;
const TIP = 272;
// Of a long timeline's past, the list shows so many stretches before it is asked for more.
const PAST = 3;

export default {
  template: `
    <div class="t-timeline" ref="root">
      <figure v-if="width && lanes.length" class="t-timeline__drawing" tabindex="0" role="group" :aria-label="summary" @pointerleave="leave" @blur="active = null" @keydown="key">
        <svg :width="width" :height="height" aria-hidden="true">
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
            <text :x="x(today)" y="13" :text-anchor="x(today) > width - 40 ? 'end' : x(today) < 20 ? 'start' : 'middle'">Today</text>
          </g>
          <g v-for="(lane, i) in drawn" :key="lane.service">
            <text class="t-timeline__service" x="0" :y="y(i) - 26">{{ lane.service }}</text>
            <g v-for="s in lane.stretches" :key="s.id" :class="['t-stretch', 't-stretch--' + s.status.toLowerCase(), { 't-stretch--looked-at': s.id === active }]" @pointerenter="enter(s, $event)" @click="tap(s)">
              <rect class="t-stretch__bar" :x="s.x" :y="y(i)" :width="s.width" :height="30" :rx="Math.min(6, s.width / 2)" :mask="s.until === null && s.status === 'Active' ? 'url(#t-open-mask)' : undefined"></rect>
              <rect class="t-stretch__target" :x="s.x - 1.5" :y="y(i) - 4" :width="s.width + 3" :height="38"></rect>
              <text v-if="s.words" :class="{ 't-stretch__above': s.isAbove }" :x="s.at" :y="s.isAbove ? y(i) - 7 : y(i) + 19.5">{{ s.words }}</text>
            </g>
          </g>
        </svg>
        <figcaption v-if="current" class="t-chart__tip t-timeline__tip" :style="tip" aria-live="polite">
          <strong>{{ current.labels[0] }}</strong>
          <span v-if="current.rule">{{ current.rule }}</span>
          <table v-if="current.steps.length" class="t-steps"><tbody><tr v-for="step in current.steps" :key="step.reach"><td>{{ step.reach }}</td><td>{{ step.costs }}</td></tr></tbody></table>
          <span>{{ current.status }} · {{ current.period }}</span>
        </figcaption>
      </figure>
      <ul class="t-timeline__list">
        <template v-for="lane in lanes" :key="lane.service">
          <li v-if="hidden(lane)"><button type="button" class="t-link" @click="unfolded[lane.service] = true">Show {{ hidden(lane) }} earlier {{ lane.service }} prices</button></li>
          <li v-for="s in lane.stretches.slice(hidden(lane))" :key="s.id">
            <span class="t-timeline__swatch" :class="'t-stretch--' + s.status.toLowerCase()"></span>
            <details v-if="s.steps.length" class="t-timeline__what">
              <summary><strong>{{ s.labels[0] }}</strong><small>{{ lane.service }}</small> <span class="t-link t-timeline__show">Show tiers</span><span class="t-link t-timeline__hide">Hide tiers</span></summary>
              <p>{{ s.rule }}</p>
              <table class="t-steps" :aria-label="'Tiers of ' + lane.service"><tbody><tr v-for="step in s.steps" :key="step.reach"><td>{{ step.reach }}</td><td>{{ step.costs }}</td></tr></tbody></table>
            </details>
            <span v-else class="t-timeline__what"><strong>{{ s.labels[0] }}</strong><small>{{ lane.service }}</small></span>
            <span class="t-timeline__when">{{ s.period }}</span>
            <span class="t-badge" :class="'t-badge--' + { Past: 'muted', Active: 'positive', Scheduled: 'info' }[s.status]">{{ s.status }}</span>
            <span v-if="acting" class="t-timeline__acts"><button v-for="act in s.acts" :key="act" type="button" class="t-link" :aria-label="act + ': ' + lane.service + ', ' + s.labels[0] + ', ' + s.period" @click="$emit('act', { id: s.id, act })">{{ act }}</button></span>
          </li>
        </template>
      </ul>
    </div>`,
  props: { lanes: Array, acting: Boolean },
  emits: ["act"],
  data: () => ({ width: 0, today: Date.now(), active: null, unfolded: {} }),
  mounted() {
    this.observer = new ResizeObserver(([entry]) => (this.width = Math.floor(entry.contentRect.width)));
    this.observer.observe(this.$refs.root);
  },
  unmounted() {
    this.observer.disconnect();
  },
  computed: {
    height() { return TOP + this.lanes.length * LANE + 24; },
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
    drawn() { return this.lanes.map((lane) => ({ ...lane, stretches: this.placed(lane) })); },
    // Where the stretch that is looked at stands: its lane and its place in it.
    place() {
      for (const [lane, { stretches }] of this.drawn.entries()) {
        const index = stretches.findIndex((s) => s.id === this.active);
        if (index >= 0) return { lane, index };
      }
      return null;
    },
    current() { return this.place && this.drawn[this.place.lane].stretches[this.place.index]; },
    tip() {
      const width = Math.min(TIP, this.width);
      const middle = this.current.x + this.current.width / 2;
      const left = Math.max(0, Math.min(middle - width / 2, this.width - width));
      return { left: `${left}px`, width: `${width}px`, top: `${this.y(this.place.lane) + BAR + 6}px` };
    },
    summary() {
      const services = this.lanes.map((lane) => `${lane.service}, ${lane.stretches.length}`).join("; ");
      return `Pricing timeline with the prices of ${services}. Arrow keys go through them; the list below says the same.`;
    },
  },
  methods: {
    x(at) { return ((at - this.start) / (this.end - this.start)) * this.width; },
    y(lane) { return TOP + lane * LANE + LANE - BAR - 10; },
    // Each stretch gets the fullest of its labels that fits into its bar, else one above it where nothing stands yet.
    placed(lane) {
      const taken = [];
      const stretches = lane.stretches.map((s) => {
        const x = this.x(s.begins);
        const width = Math.max(this.x(s.until === null ? this.end : s.until) - x - 3, 4);
        const words = s.labels.find((label) => label.length * CHARACTER + 20 <= width) || "";
        return { ...s, x, width, words, at: x + 10, isAbove: false };
      });
      // The price in force is the first to be named above, then what is scheduled, then the newest of the past.
      const rank = { Active: 0, Scheduled: 1, Past: 2 };
      const waiting = stretches.filter((s) => !s.words).sort((a, b) => rank[a.status] - rank[b.status] || b.begins - a.begins);
      for (const s of waiting) {
        for (const label of s.labels) {
          const needed = label.length * CHARACTER;
          const at = Math.min(s.x, this.width - needed);
          if (at < 0 || taken.some((t) => at < t.to + 12 && at + needed + 12 > t.from)) continue;
          taken.push({ from: at, to: at + needed });
          Object.assign(s, { words: label, at, isAbove: true });
          break;
        }
      }
      return stretches;
    },
    hidden(lane) {
      const past = lane.stretches.filter((s) => s.status === "Past").length;
      return this.unfolded[lane.service] || past <= PAST + 1 ? 0 : past - PAST;
    },
    enter(stretch, event) { if (event.pointerType === "mouse") this.active = stretch.id; },
    leave(event) { if (event.pointerType === "mouse") this.active = null; },
    tap(stretch) { this.active = stretch.id; },
    key(event) {
      if (event.key === "Escape") this.active = null;
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (!step) return;
      event.preventDefault();
      this.go(...step);
    },
    // The first key leads to the price in force; from then on along a lane, or to the same time in another one.
    go(lanes, along) {
      const from = this.place;
      if (!from) {
        this.active = (this.stretches.find((s) => s.status === "Active") || this.stretches[0]).id;
        return;
      }
      const lane = this.drawn[Math.max(0, Math.min(from.lane + lanes, this.drawn.length - 1))].stretches;
      const middle = this.current.x + this.current.width / 2;
      const same = lanes ? Math.max(0, lane.findLastIndex((s) => s.x <= middle)) : from.index;
      this.active = lane[Math.max(0, Math.min(same + along, lane.length - 1))].id;
    },
  },
};
