// A bar for each day of a month. Heights come as shares of the highest, worked out where numbers are exact.
export default {
  template: `
    <ol class="t-days" :aria-label="label">
      <li v-for="day in days" :key="day.label" :title="day.label + ': ' + day.text" :class="{ 't-days__none': !day.share }">
        <span class="t-days__bar" :style="{ height: day.share + '%' }"></span>
        <span class="t-days__label" aria-hidden="true">{{ day.tick }}</span>
        <span class="t-unseen">{{ day.label }}: {{ day.text }}</span>
      </li>
    </ol>`,
  props: { label: String, days: Array },
};
