// Who did what to what, newest first, under its day; of many changed values the first few, the others unfold.
const FEW = 4;
export default {
  template: `
    <ol class="t-audit">
      <li v-for="row in rows" :key="row.id">
        <h2 v-if="row.heading" class="t-audit__day">{{ row.heading }}</h2>
        <div class="t-audit__entry" :class="row.turn ? (row.turn % 2 ? 't-flash-a' : 't-flash-b') : ''" :data-id="row.id">
        <time class="t-audit__time" :datetime="row.instant">{{ row.time }}</time>
        <div class="t-audit__body">
          <p class="t-audit__what">
            <component :is="row.whoHref ? 'a' : 'span'" :href="row.whoHref" class="t-audit__who">{{ row.who }}</component>
            {{ row.what }}
            <component v-if="row.subject" :is="row.href ? 'a' : 'span'" :href="row.href" class="t-audit__subject">{{ row.subject }}</component>
          </p>
          <dl v-if="row.changes.length" class="t-audit__changes">
            <div v-for="c in shown(row)" :key="c.name" class="t-audit__change">
              <dt>{{ c.name }}</dt>
              <dd><template v-if="c.before"><del v-if="row.both" class="t-audit__before"><span class="t-unseen">before: </span>{{ c.before }}</del><span v-else class="t-audit__before">{{ c.before }}</span></template>
                <template v-if="c.before && c.after"><svg class="t-icon" aria-hidden="true"><use :href="sheet + '#arrow'"></use></svg></template>
                <template v-if="c.after"><span v-if="c.before" class="t-unseen">after: </span><span class="t-audit__after">{{ c.after }}</span></template></dd>
            </div>
          </dl>
          <button v-if="row.changes.length > few" type="button" class="t-link" :aria-expanded="!!open[row.id]" @click="open[row.id] = !open[row.id]">{{ open[row.id] ? "Show fewer" : "Show all " + row.changes.length }}</button>
        </div>
        <a v-if="row.history" class="t-audit__history" :href="row.history" :aria-label="'All changes of ' + row.subject" title="All its changes"><svg class="t-icon" aria-hidden="true"><use :href="sheet + '#audit'"></use></svg></a>
        </div>
      </li>
    </ol>`,
  props: { rows: Array, sheet: String },
  data: () => ({ open: {}, few: FEW }),
  methods: {
    shown(row) {
      return this.open[row.id] || row.changes.length <= FEW ? row.changes : row.changes.slice(0, FEW - 1);
    },
  },
};
