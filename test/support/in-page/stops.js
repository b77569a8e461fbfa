// Runs in the page: numbers everything the keyboard should stop at, in reading order, and answers the numbers.
(() => {
  const kinds = 'a[href], button, input:not([type=hidden]), select, summary, textarea, [tabindex="0"]';
  const stops = [...document.querySelectorAll(kinds)];
  // A group of radio buttons or tabs is one stop; what is folded away is none.
  const isStop = (one) =>
    one.checkVisibility() && one.tabIndex >= 0 && !(one.type === 'radio' && !one.checked);
  return stops.filter(isStop).map((one, n) => (one.dataset.stop = String(n)));
})();
