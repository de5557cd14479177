export default {
  template: `
    <div class="t-feed">
      <p v-if="!shown.length" class="t-card__nothing">{{ nothing }}</p>
      <button v-if="waiting" type="button" class="t-feed__waiting" @click="catchUp">{{ waiting }}{{ waiting === items.length ? "+" : "" }} new</button>
      <ol v-if="shown.length" class="t-feed__list" ref="list" :aria-label="label" @scroll.passive="scrolled">
        <li v-for="i in shown" :key="i.id" class="t-feed__one" :class="{ 't-feed__one--new': fresh[i.id] }">
          <div class="t-feed__top">
            <a class="t-feed__title" :href="i.href">{{ i.title }}</a>
            <span v-if="i.figure" class="t-feed__figure" :class="'t-tone--' + i.tone">{{ i.figure }}</span>
          </div>
          <div class="t-feed__owners">
            <template v-for="(o, n) in i.owners" :key="o.href"><span v-if="n" aria-hidden="true">{{ i.arrow ? "→" : "," }}</span><span v-if="n" class="t-unseen">{{ i.arrow ? "to" : "and" }}</span><a :href="o.href">{{ o.name }}</a></template>
          </div>
          <div class="t-feed__note">{{ i.note }}</div>
          <div class="t-feed__foot"><span>{{ i.when }}</span>
            <span v-for="b in i.badges" :key="b.text" class="t-badge" :class="'t-badge--' + b.tone"><svg class="t-icon" aria-hidden="true"><use :href="sheet + '#' + b.icon"></use></svg>{{ b.text }}</span>
          </div>
        </li>
      </ol>
    </div>`,
  props: { label: String, nothing: String, items: Array, sheet: String },
  data: () => ({ shown: [], fresh: {}, reading: false }),
  created() { this.shown = this.items; },
  watch: {
    items() { if (!this.reading && !this.holdsFocus()) this.take(); },
  },
  computed: {
    waiting() {
      const known = new Set(this.shown.map((i) => i.id));
      return this.items.findIndex((i) => known.has(i.id)) === -1 && this.shown.length ? this.items.length : this.items.filter((i) => !known.has(i.id)).length;
    },
  },
  methods: {
    take() {
      const known = new Set(this.shown.map((i) => i.id));
      this.fresh = this.shown.length ? Object.fromEntries(this.items.filter((i) => !known.has(i.id)).map((i) => [i.id, true])) : {};
      this.shown = this.items;
    },
    // Whoever goes through it by keyboard reads too.
    holdsFocus() { return !!this.$refs.list?.querySelector("a:focus-visible"); },
    scrolled() {
      this.reading = this.$refs.list.scrollTop > 8;
      if (!this.reading && !this.holdsFocus()) this.take();
    },
    catchUp() {
      this.take();
      this.reading = false;
      this.$refs.list.scrollTop = 0;
      this.$refs.list.querySelector("a")?.focus({ preventScroll: true });
    },
  },
};
