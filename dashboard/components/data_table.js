export default {
  template: `
    <table class="t-table" :class="{ 't-table--compact': compact }" :aria-label="label">
      <thead>
        <tr>
          <th v-for="c in columns" :key="c.name" scope="col" :class="['t-' + (c.align || 'left'), { 't-wide': c.wide }]">{{ c.label }}</th>
        </tr>
      </thead>
      <tbody>
        <template v-for="row in rows" :key="row.id">
        <tr :data-id="row.id" :class="[{ 't-row--open': row.href || row.details?.length, 't-row--unfolded': isUnfolded(row) }, row.group ? 't-row--' + row.group : '', flash(row)]" @click="open(row, $event)">
          <td v-for="(c, i) in columns" :key="c.name" :data-label="c.label" :class="['t-' + (c.align || 'left'), { 't-first': i === 0, 't-wide': c.wide }]">
            <svg v-if="i === 0 && row.details?.length" class="t-icon t-row__chevron" aria-hidden="true"><use :href="sheet + '#right'"></use></svg>
            <component :is="kind(row, i)" class="t-cell" v-bind="attributes(row, i)">
              <span v-if="cell(row, c).badges" class="t-badges">
                <span v-for="b in cell(row, c).badges" :key="b.text" class="t-badge" :class="'t-badge--' + b.tone">
                  <svg v-if="b.icon" class="t-icon" aria-hidden="true"><use :href="sheet + '#' + b.icon"></use></svg>{{ b.text }}
                </span>
              </span>
              <span v-if="cell(row, c).text" class="t-cell__text" :class="cell(row, c).tone ? 't-tone--' + cell(row, c).tone : ''">{{ cell(row, c).text }}</span>
              <span v-if="cell(row, c).sub" class="t-cell__sub">{{ cell(row, c).sub }}</span>
            </component>
            <span v-if="cell(row, c).acts?.length" class="t-row__acts">
              <component :is="a.href ? 'a' : 'button'" v-for="a in cell(row, c).acts" :key="a.name" :type="a.href ? undefined : 'button'" :href="a.href" class="t-btn t-btn--small" :class="{ 't-btn--danger': a.danger }" :aria-label="a.label"
                @click.stop="a.href || $emit('act', { row: row.id, name: a.name })">{{ a.words }}</component>
            </span>
          </td>
        </tr>
        <tr v-if="isUnfolded(row)" class="t-row__details">
          <td :colspan="columns.length">
            <ul>
              <li v-for="(d, i) in row.details" :key="i"><span>{{ d.text }}<small>{{ d.sub }}</small></span><span>{{ d.figure }}</span></li>
            </ul>
          </td>
        </tr>
        </template>
      </tbody>
    </table>`,
  props: { label: String, columns: Array, rows: Array, compact: Boolean, sheet: String },
  emits: ["act"],
  data: () => ({ unfolded: {} }),
  // A row that moves among the others takes the focus along.
  beforeUpdate() { this.focused = this.$el.contains(document.activeElement) ? document.activeElement : null; },
  updated() { if (this.focused?.isConnected && document.activeElement === document.body) this.focused.focus({ preventScroll: true }); },
  methods: {
    isUnfolded(row) { return !!row.details?.length && !!this.unfolded[row.id]; },
    kind: (row, i) => (i > 0 ? "div" : row.href ? "a" : row.details?.length ? "button" : "div"),
    attributes(row, i) {
      const kind = this.kind(row, i);
      if (kind === "a") return { href: row.href };
      return kind === "button" ? { type: "button", "aria-expanded": this.isUnfolded(row) } : {};
    },
    cell: (row, column) => row.cells[column.name] || {},
    flash: (row) => (row.turn ? (row.turn % 2 ? "t-flash-a" : "t-flash-b") : ""),
    // The link or button in the first cell serves the keyboard; a click anywhere else on the row does the same.
    open(row, event) {
      if (row.details?.length && !String(getSelection())) this.unfolded[row.id] = !this.unfolded[row.id];
      if (!row.href || event.target.closest("a, button") || String(getSelection())) return;
      if (event.metaKey || event.ctrlKey) window.open(row.href, "_blank", "noopener");
      else location.assign(row.href);
    },
  },
};
