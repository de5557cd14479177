export default {
  template: `
    <div class="t-menu" @keydown.esc.stop="close(true)" @focusout="left">
      <button ref="button" type="button" class="t-btn" aria-haspopup="menu" :aria-expanded="isOpen" @click="isOpen ? close(true) : open()" @keydown.down.prevent="open()">
        <svg class="t-icon" aria-hidden="true"><use :href="sheet + '#more'"></use></svg><span>{{ label }}</span>
      </button>
      <div v-if="isOpen" ref="list" role="menu" class="t-menu__list" :aria-label="label" @keydown.down.prevent="step(1)" @keydown.up.prevent="step(-1)" @keydown.tab="close(true)">
        <button v-for="e in entries" :key="e.name" type="button" role="menuitem" tabindex="-1" class="t-menu__entry" :class="{ 't-menu__entry--danger': e.danger }" @click="choose(e.name)">
          <svg class="t-icon" aria-hidden="true"><use :href="sheet + '#' + e.icon"></use></svg><span>{{ e.words }}</span>
        </button>
      </div>
    </div>`,
  props: { label: String, entries: Array, sheet: String },
  emits: ["choose"],
  data: () => ({ isOpen: false }),
  methods: {
    async open() {
      this.isOpen = true;
      await this.$nextTick();
      this.step(1);
    },
    close(back) {
      if (this.isOpen && back) this.$refs.button.focus();
      this.isOpen = false;
    },
    left(event) {
      if (!this.$el.contains(event.relatedTarget)) this.close(false);
    },
    step(by) {
      const entries = [...this.$refs.list.children];
      const at = entries.indexOf(document.activeElement);
      entries[at < 0 ? 0 : (at + by + entries.length) % entries.length].focus();
    },
    // A dialog that opens now gives the focus back to the button when it closes.
    choose(name) {
      this.close(true);
      this.$emit("choose", name);
    },
  },
};
