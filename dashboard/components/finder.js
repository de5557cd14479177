// A combobox in the header: the field keeps the focus, the arrow keys go through what was found, enter goes there.
const PAUSE_MILLISECONDS = 80;
const MOST_RECENT = 6;
const FIELDS = "input, textarea, select, [contenteditable], [role=textbox], [role=combobox]";

export default {
  template: `
    <div class="t-find" :class="{ 't-find--open': isWide }" role="search" @focusout="left" @keydown.esc.stop.prevent="escape">
      <button ref="opener" type="button" class="t-iconbtn t-find__opener" :aria-label="label" :aria-expanded="isWide" @click="open">
        <svg class="t-icon" aria-hidden="true"><use :href="sheet + '#search'"></use></svg>
      </button>
      <div class="t-find__field">
        <svg class="t-icon" aria-hidden="true"><use :href="sheet + '#search'"></use></svg>
        <input ref="input" v-model="text" type="text" inputmode="search" enterkeyhint="go" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="200"
          role="combobox" aria-autocomplete="list" aria-controls="found-list" aria-haspopup="listbox" :aria-label="label" :aria-expanded="isShown && options.length > 0" :aria-activedescendant="active ? 'found-' + active : undefined"
          :placeholder="placeholder" @input="typed" @focus="entered" @click="entered" @keydown.down.prevent="step(1)" @keydown.up.prevent="step(-1)" @keydown.enter.prevent="go">
        <kbd v-if="!text && !isShown" class="t-find__key" aria-hidden="true">/</kbd>
        <button v-if="isWide" type="button" class="t-iconbtn t-find__closer" aria-label="Close the search" @click="leave">
          <svg class="t-icon" aria-hidden="true"><use :href="sheet + '#close'"></use></svg>
        </button>
      </div>
      <div v-show="isShown" class="t-find__panel">
        <div id="found-list" role="listbox" :aria-label="text.trim() ? 'Found' : 'Opened lately'">
          <div v-for="(group, i) in groups" :key="group.title" role="group" :aria-labelledby="'found-group-' + i">
            <div class="t-find__title" :id="'found-group-' + i" role="presentation">{{ group.title }}</div>
            <a v-for="one in group.results" :key="one.id" :id="'found-' + one.id" :href="one.href" role="option" tabindex="-1" class="t-find__one" :class="{ 't-find__one--active': one.id === active }" :aria-selected="one.id === active" @mousedown.prevent @mousemove="active = one.id" @click="remember(one)">
              <svg class="t-icon" aria-hidden="true"><use :href="sheet + '#' + one.icon"></use></svg>
              <span class="t-find__words"><span class="t-find__name">{{ one.name }}</span><span class="t-find__sub">{{ one.sub }}</span></span>
              <span v-if="one.badge" class="t-badge" :class="'t-badge--' + one.badge.tone">{{ one.badge.text }}</span>
            </a>
          </div>
        </div>
        <p class="t-find__hint" role="status">{{ hint }}</p>
      </div>
    </div>`,
  props: { viewer: String, sheet: String, placeholder: String },
  emits: ["look", "recall"],
  data: () => ({ text: "", groups: [], active: "", isShown: false, isWide: false, question: 0, answered: 0, problem: "", asked: "", goes: false }),
  computed: {
    label() { return `Search ${this.placeholder.toLowerCase()}`; },
    options() { return this.groups.flatMap((group) => group.results); },
    hint() {
      if (this.problem) return this.problem;
      if (this.answered !== this.question) return this.groups.length ? "" : "Looking…";
      if (!this.text.trim()) return this.options.length ? "" : "Type a name, a phone number, an invoice's number, or any id.";
      return this.options.length ? "" : `Nothing is called “${this.text.trim()}”.`;
    },
  },
  mounted() { document.addEventListener("keydown", this.pressed); },
  unmounted() { document.removeEventListener("keydown", this.pressed); clearTimeout(this.timer); },
  methods: {
    // Anywhere but where one types, and while no dialog asks for an answer.
    pressed(event) {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target.closest?.(FIELDS) || document.querySelector(".q-dialog")) return;
      event.preventDefault();
      this.open();
    },
    async open() {
      this.before = document.activeElement;
      this.isWide = getComputedStyle(this.$refs.opener).display !== "none";
      await this.$nextTick();
      this.$refs.input.focus();
      this.$refs.input.select();
    },
    entered() {
      if (this.isShown) return;
      this.isShown = true;
      this.ask();
    },
    typed() {
      this.isShown = true;
      this.problem = "";
      this.goes = false;
      clearTimeout(this.timer);
      this.timer = setTimeout(this.ask, this.text.trim() ? PAUSE_MILLISECONDS : 0);
    },
    // Each question has a number; the answer to another one than the last is of no use any more.
    ask() {
      clearTimeout(this.timer);
      const text = this.text.trim();
      const question = ++this.question;
      this.asked = text;
      if (text) return this.$emit("look", { question, text });
      const ids = this.recent();
      if (ids.length) return this.$emit("recall", { question, ids });
      this.show(question, [], "");
    },
    show(question, groups, problem) {
      if (question !== this.question) return;
      this.answered = question;
      this.groups = groups;
      this.problem = problem;
      this.active = this.text.trim() && this.options.length ? this.options[0].id : "";
      if (this.goes) this.$nextTick(this.go);
    },
    step(by) {
      if (!this.isShown) return this.entered();
      const at = this.options.findIndex((one) => one.id === this.active);
      const next = at < 0 ? (by > 0 ? 0 : this.options.length - 1) : (at + by + this.options.length) % this.options.length;
      this.active = this.options[next]?.id || "";
      this.$nextTick(() => document.getElementById("found-" + this.active)?.scrollIntoView({ block: "nearest" }));
    },
    // Pressed before the answer is there, it goes as soon as that has come.
    go() {
      const text = this.text.trim();
      const isCurrent = this.answered === this.question && text === this.asked;
      this.goes = !isCurrent && !!text;
      if (text !== this.asked) this.ask();
      if (!isCurrent) return;
      const one = this.options.find((one) => one.id === this.active);
      if (one) document.getElementById("found-" + one.id).click();
    },
    // A page that has ids alone learns their names from the API: names are not left behind in a browser.
    recent() {
      try {
        const ids = JSON.parse(localStorage.getItem(this.key()) || "[]");
        return Array.isArray(ids) ? ids.filter((id) => typeof id === "string").slice(0, MOST_RECENT) : [];
      } catch { return []; }
    },
    remember(one) {
      try { localStorage.setItem(this.key(), JSON.stringify([one.id, ...this.recent().filter((id) => id !== one.id)].slice(0, MOST_RECENT))); } catch { /* then nothing is recent */ }
      this.isShown = this.isWide = false;
    },
    key() { return `tijori_found_${this.viewer}`; },
    escape() {
      if (this.text) { this.text = ""; this.ask(); return; }
      this.leave();
    },
    leave() {
      this.isShown = this.isWide = false;
      this.$refs.input.blur();
      if (this.before?.isConnected) this.before.focus();
      this.before = null;
    },
    left(event) {
      if (!this.$el.contains(event.relatedTarget)) this.isShown = this.isWide = false;
    },
  },
};
