// A file of lines, chosen, dropped or pasted. It goes by HTTP: a page's socket takes no long messages.
export default {
  template: `
    <form class="t-csv" @submit.prevent="sendText">
      <label class="t-csv__drop" :class="{ 't-csv__drop--over': over }" @dragover.prevent="over = true" @dragleave="over = false" @drop.prevent="drop">
        <input ref="file" type="file" accept=".csv,.tsv,.txt,text/csv,text/plain" :disabled="busy" @change="choose" />
        <svg class="t-icon" aria-hidden="true"><use :href="sheet + '#upload'"></use></svg>
        <span><strong>Choose a CSV file</strong> or drop it here</span>
        <span class="t-csv__hint">{{ hint }}</span>
      </label>
      <label class="t-csv__label" :for="name">Or paste the lines</label>
      <textarea :id="name" v-model="text" rows="6" spellcheck="false" autocomplete="off" :placeholder="example"></textarea>
      <p v-if="problem" class="t-callout t-callout--danger" role="alert">{{ problem }}</p>
      <div class="t-csv__foot"><button type="submit" class="t-btn t-btn--primary" :disabled="busy || !text.trim()" :aria-busy="busy">Check the lines</button></div>
    </form>`,
  props: { to: String, most: Number, hint: String, example: String, sheet: String },
  emits: ["taken"],
  data: () => ({ text: "", problem: "", busy: false, over: false, name: "csv-lines" }),
  methods: {
    choose() {
      if (this.$refs.file.files.length) this.send(this.$refs.file.files[0]);
    },
    drop(event) {
      this.over = false;
      if (event.dataTransfer.files.length) this.send(event.dataTransfer.files[0]);
    },
    sendText() {
      this.send(new Blob([this.text]));
    },
    async send(blob) {
      if (this.busy) return;
      if (blob.size > this.most) {
        this.problem = "It is larger than 1 MiB: send it in parts.";
        return;
      }
      this.busy = true;
      this.problem = "";
      try {
        const response = await fetch(this.to, { method: "POST", headers: { "content-type": "text/csv" }, body: blob });
        const answer = await response.json();
        if (response.status === 401) tijori.again();
        else if (answer.batch) this.$emit("taken", answer.batch);
        else this.problem = answer.problem;
      } catch {
        this.problem = "The server cannot be reached. Try again in a moment.";
      } finally {
        this.busy = false;
        this.$refs.file.value = "";
      }
    },
  },
};
