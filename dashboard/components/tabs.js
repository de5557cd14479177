export default {
  template: `
    <div class="t-tabs" role="tablist" :aria-label="label" @keydown.left.prevent="step(-1)" @keydown.right.prevent="step(1)" @keydown.home.prevent="go(0)" @keydown.end.prevent="go(tabs.length - 1)">
      <button v-for="t in tabs" :key="t.name" type="button" role="tab" class="t-tab" :id="'tab-' + t.name" :aria-selected="t.name === shown" aria-controls="tab-panel"
              :tabindex="t.name === shown ? 0 : -1" @click="choose(t.name)">{{ t.words }}</button>
    </div>`,
  props: { label: String, tabs: Array, chosen: String },
  emits: ["choose"],
  data() { return { shown: this.chosen }; },
  // On a narrow screen the chosen one may be beyond the edge.
  mounted() { this.$el.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" }); },
  watch: { chosen(name) { this.shown = name; } },
  methods: {
    choose(name) {
      if (name === this.shown) return;
      this.shown = name;
      this.$emit("choose", name);
    },
    step(by) {
      const at = this.tabs.findIndex((t) => t.name === this.shown);
      this.go((at + by + this.tabs.length) % this.tabs.length);
    },
    // The arrows choose as they go, as in the browser's own tabs.
    go(at) {
      const tab = this.tabs[at];
      this.choose(tab.name);
      this.$el.querySelector("#tab-" + tab.name).focus();
    },
  },
};
