export default {
  template: `<svg aria-hidden="true" focusable="false"><use :href="sheet + '#' + name"></use></svg>`,
  props: { sheet: String, name: String },
};
