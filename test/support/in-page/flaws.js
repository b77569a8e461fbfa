// Runs in the page: what somebody who cannot see it would miss.
(() => {
  const found = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const textOf = (id) => document.getElementById(id)?.textContent ?? '';
  const nameOf = (element) => {
    const label = element.getAttribute('aria-label');
    if (label !== null) return label.trim();
    const ids = element.getAttribute('aria-labelledby')?.split(' ') ?? [];
    const labels = [...(element.labels ?? [])].map((one) => one.textContent);
    return [...ids.map(textOf), ...labels, element.textContent].join(' ').trim();
  };
  if (document.documentElement.lang !== 'en') found.push('no language');
  if (!document.title.endsWith('· Holdfast')) found.push(`title ${document.title}`);
  for (const one of ['h1', 'main', 'header.top']) {
    if (all(one).length !== 1) found.push(`${all(one).length} ${one}`);
  }
  const named =
    'a[href], button, input:not([type=hidden]), select, summary, progress, nav, aside, section[aria-labelledby]';
  for (const one of all(named)) if (nameOf(one) === '') found.push(`no name: ${one.outerHTML.slice(0, 90)}`);
  for (const one of all('input:not([type=hidden]), select')) {
    if ((one.labels?.length ?? 0) === 0) found.push(`no label: ${one.outerHTML.slice(0, 90)}`);
  }
  for (const image of all('img')) if (!image.hasAttribute('alt')) found.push('an image without alt');
  let level = 1;
  for (const heading of all('h1, h2, h3, h4')) {
    const next = Number(heading.tagName.slice(1));
    if (next > level + 1) found.push(`heading ${heading.textContent} skips a level`);
    level = next;
  }
  const ids = all('[id]').map((one) => one.id);
  if (new Set(ids).size < ids.length) found.push('an id twice');
  for (const one of all('[aria-describedby], [aria-labelledby]')) {
    const names = ['aria-describedby', 'aria-labelledby'].flatMap(
      (name) => one.getAttribute(name)?.split(' ') ?? [],
    );
    for (const id of names) if (!document.getElementById(id)) found.push(`refers to nothing: ${id}`);
  }
  return found;
})();
