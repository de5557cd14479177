export default {
  template: `
    <table class="t-table" :class="{ 't-table--compact': compact }" :aria-label="label">
      <thead>
        <tr>
          <th v-for="c in columns" :key="c.name" scope="col" :class="['t-' + (c.align || 'left'), { 't-wide': c.wide }]">{{ c.label }}</th>
        </tr>
      </thead>
      <tbody>
        <tr v-for="row in rows" :key="row.id" :data-id="row.id" :class="[{ 't-row--open': row.href }, flash(row)]" @click="open(row, $event)">
          <td v-for="(c, i) in columns" :key="c.name" :data-label="c.label" :class="['t-' + (c.align || 'left'), { 't-first': i === 0, 't-wide': c.wide }]">
            <component :is="i === 0 && row.href ? 'a' : 'div'" class="t-cell" v-bind="i === 0 && row.href ? { href: row.href } : {}">
              <span v-if="cell(row, c).badges" class="t-badges">
                <span v-for="b in cell(row, c).badges" :key="b.text" class="t-badge" :class="'t-badge--' + b.tone">
                  <svg v-if="b.icon" class="t-icon" aria-hidden="true"><use :href="sheet + '#' + b.icon"></use></svg>{{ b.text }}
                </span>
              </span>
              <span v-if="cell(row, c).text" class="t-cell__text" :class="cell(row, c).tone ? 't-tone--' + cell(row, c).tone : ''">{{ cell(row, c).text }}</span>
              <span v-if="cell(row, c).sub" class="t-cell__sub">{{ cell(row, c).sub }}</span>
            </component>
          </td>
        </tr>
      </tbody>
    </table>`,
  props: { label: String, columns: Array, rows: Array, compact: Boolean, sheet: String },
  methods: {
    cell: (row, column) => row.cells[column.name] || {},
    flash: (row) => (row.turn ? (row.turn % 2 ? "t-flash-a" : "t-flash-b") : ""),
    // The link in the first cell serves the keyboard; a click anywhere else on the row does the same.
    open(row, event) {
      if (!row.href || event.target.closest("a, button") || String(getSelection())) return;
      if (event.metaKey || event.ctrlKey) window.open(row.href, "_blank", "noopener");
      else location.assign(row.href);
    },
  },
};
