// A token and a first request with it, each to copy. The address is the one that the browser knows this site by.
export default {
  template: `
    <div class="t-once">
      <div v-for="part in parts" :key="part.name">
        <div class="t-once__head"><span :id="'once-' + part.name">{{ part.label }}</span>
          <button type="button" class="t-btn t-btn--small" @click="copy(part)">{{ copied === part.name ? "Copied" : "Copy" }}</button>
        </div>
        <pre class="t-once__text" :ref="part.name" tabindex="0" role="textbox" aria-readonly="true" aria-multiline="true" :aria-labelledby="'once-' + part.name">{{ part.text }}</pre>
      </div>
      <p class="t-unseen" role="status">{{ copied ? "Copied" : "" }}</p>
    </div>`,
  props: { token: String, body: String, label: String },
  data: () => ({ copied: "" }),
  computed: {
    parts() {
      const curl = [
        `curl ${location.origin}/graphql \\`,
        `  -H 'Authorization: Bearer ${this.token}' \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  -d '${this.body}'`,
      ];
      const token = { name: "token", label: this.label, text: this.token };
      return this.body ? [token, { name: "curl", label: "A first request with it", text: curl.join("\n") }] : [token];
    },
  },
  methods: {
    async copy(part) {
      // The clipboard is there on https and on this machine alone; elsewhere the text is selected for the keyboard.
      try {
        await navigator.clipboard.writeText(part.text);
        this.copied = part.name;
      } catch {
        getSelection().selectAllChildren(this.$refs[part.name][0]);
        this.copied = document.execCommand("copy") ? part.name : "";
      }
    },
  },
};
