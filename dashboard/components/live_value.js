// Two animations that look alike: going from one to the other starts anew, so each change is seen.
export default {
  template: `<span class="t-live" :class="turn ? (turn % 2 ? 't-flash-a' : 't-flash-b') : ''">{{ text }}</span>`,
  props: { text: String, turn: Number },
};
