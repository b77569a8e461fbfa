// Runs in the page: which stop has the focus, and whether one can see it.
(() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return {
    stop: one.dataset.stop ?? one.outerHTML,
    isShown: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.left >= 0,
    outline: `${outlineStyle} ${outlineWidth}`,
  };
})();
