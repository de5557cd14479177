export default {
  template: `
    <table class="t-waterfall" :aria-label="label">
      <thead class="t-unseen"><tr><th scope="col">What</th><th scope="col">From where to where</th><th scope="col">Amount</th></tr></thead>
      <tbody>
        <tr v-for="(b, i) in bars" :key="b.label" :class="'t-waterfall__' + b.kind">
          <th scope="row">
            <component :is="b.href ? 'a' : 'span'" class="t-cell" :href="b.href || undefined"><span class="t-cell__text">{{ b.label }}</span><span v-if="b.sub" class="t-cell__sub">{{ b.sub }}</span></component>
          </th>
          <td class="t-waterfall__drawing" aria-hidden="true">
            <svg :viewBox="'0 0 ' + scale + ' 40'" preserveAspectRatio="none">
              <line v-if="i < bars.length - 1" class="t-waterfall__level" :x1="b.end" :x2="b.end" y1="30" y2="40"></line>
              <line v-if="i > 0" class="t-waterfall__level" :x1="bars[i - 1].end" :x2="bars[i - 1].end" y1="0" y2="10"></line>
              <rect class="t-waterfall__bar" :x="Math.min(b.start, b.end)" y="10" :width="Math.max(Math.abs(b.end - b.start), scale / 400)" height="20"></rect>
            </svg>
          </td>
          <td class="t-right t-waterfall__figure">{{ b.figure }}</td>
        </tr>
      </tbody>
    </table>`,
  props: { label: String, bars: Array, scale: Number },
};
