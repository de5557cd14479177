export default {
  template: `
    <form class="t-login__form" method="post" action="/login" @submit.prevent="submit" :aria-busy="busy">
      <p v-if="notice && !problem" class="t-callout t-callout--info" role="status">{{ notice }}</p>
      <p v-if="problem" class="t-callout t-callout--danger" role="alert" id="login-problem">{{ problem }}</p>
      <label for="phone">Phone</label>
      <input id="phone" ref="phone" v-model.trim="phone" type="tel" name="username" autocomplete="username" inputmode="tel" placeholder="+91 98765 43210" required :aria-invalid="!!problem" :aria-describedby="problem ? 'login-problem' : undefined">
      <label for="password">Password</label>
      <input id="password" v-model="password" type="password" name="password" autocomplete="current-password" required :aria-invalid="!!problem">
      <button type="submit" class="t-btn t-btn--primary t-btn--wide" :disabled="busy">{{ busy ? "Signing in…" : "Sign in" }}</button>
    </form>`,
  props: { back: String, notice: String },
  data: () => ({ phone: "", password: "", problem: "", busy: false }),
  mounted() {
    this.$refs.phone.focus();
  },
  methods: {
    async submit() {
      if (this.busy) return;
      this.busy = true;
      this.problem = "";
      try {
        const answer = await fetch("/login", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ phone: this.phone, password: this.password, back: this.back }),
        });
        const { next, problem } = await answer.json();
        if (next) return location.assign(next);
        this.problem = problem;
      } catch {
        this.problem = "The server cannot be reached. Check the connection and try again.";
      }
      this.password = "";
      this.busy = false;
    },
  },
};
