// Small helpers for pages that work without them: times that stay true, a sync that is watched, a link that is copied.

const root = document.documentElement;
const language = root.lang || 'en';
// Ages are measured by the server's clock: the one of this machine may be wrong.
const clockOffset = root.dataset.now ? new Date(root.dataset.now).getTime() - Date.now() : 0;
const now = () => Date.now() + clockOffset;

const numbers = new Intl.NumberFormat(language);
const shares = new Intl.NumberFormat(language, { style: 'percent' });
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });

keepTimesTrue();
for (const section of document.querySelectorAll('[data-live]')) watch(section);
for (const section of document.querySelectorAll('[data-demo-clock]')) watchDemo(section);
for (const box of document.querySelectorAll('[data-copy]')) offerCopy(box);

function keepTimesTrue() {
  const update = () => {
    for (const element of document.querySelectorAll('time[data-ago]')) {
      const seconds = Math.floor((now() - new Date(element.dateTime).getTime()) / 1000);
      if (seconds >= 60) setText(element, ago(seconds));
    }
  };
  setInterval(update, 20_000);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) update();
  });
}

function ago(seconds) {
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return relative.format(-Math.floor(seconds / 86_400), 'day');
}

// Asks how the sync stands and draws it, until it has ended: then the page is loaded anew, or a link offers to.
function watch(section) {
  const words = JSON.parse(section.dataset.words);
  const every = Number(section.dataset.every);
  const hiddenEvery = Math.max(every, 15_000);
  let failures = 0;
  let timer = 0;
  let told = partOf({ phase: section.dataset.phaseNow, share: Number(section.dataset.shareNow) });

  const next = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), ms);
  };
  const pause = () => (document.hidden ? hiddenEvery : every);

  const ask = async () => {
    let answer;
    try {
      answer = await fetch('/api/progress', { headers: { accept: 'application/json' }, cache: 'no-store' });
    } catch {
      answer = null;
    }
    if (answer?.status === 401) {
      showLost(words.signedOut);
      return;
    }
    if (answer === null || !answer.ok) {
      failures += 1;
      if (failures > 1) showLost(words.lost);
      next(Math.min(15_000, pause() * 2 ** Math.min(failures, 4)));
      return;
    }
    failures = 0;
    const facts = await answer.json();
    showLost('');
    if (isOld(facts)) {
      change();
      return;
    }
    draw(section, facts, words);
    tell(facts);
    next(pause());
  };

  const isOld = (facts) =>
    facts.stamp !== section.dataset.stamp ||
    ('watchState' in section.dataset && facts.state !== section.dataset.state);

  const change = () => {
    const link = section.querySelector('[data-offer]');
    const isTyping = document.activeElement instanceof HTMLInputElement;
    if (section.dataset.onChange === 'reload' && !isTyping) {
      location.replace(location.pathname);
      return;
    }
    status(words.finished);
    const title = section.querySelector('[data-strip-title]');
    if (title) setText(title, words.finished);
    for (const part of section.querySelectorAll('.overall, [data-elapsed], details')) part.hidden = true;
    if (link) link.hidden = false;
  };

  const status = (sentence) => {
    const element = section.querySelector('[data-status]');
    if (element) setText(element, sentence);
  };
  // A screen reader hears of a new phase and of every quarter, not of every record.
  const tell = (facts) => {
    if (facts.state !== 'running') return;
    const key = partOf(facts);
    if (told !== key) {
      status(fill(words.status, { phase: words[facts.phase], share: shares.format(facts.share) }));
    }
    told = key;
  };
  const showLost = (sentence) => {
    const element = section.querySelector('[data-lost]');
    if (!element) return;
    setText(element, sentence);
    element.hidden = sentence === '';
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) next(0);
  });
  setInterval(() => drawElapsed(section), 1000);
  next(pause());
}

function partOf({ phase, share }) {
  return `${phase} ${Math.floor(share * 4)}`;
}

function draw(section, facts, words) {
  if (facts.state === 'waiting') return;
  const title = section.querySelector('[data-strip-title]');
  if (title && facts.state === 'running') setText(title, title.dataset.running);
  const overall = section.querySelector('[data-overall]');
  // A run that began anew after a crash counts from its own beginning; the bar shows what is true.
  if (overall) overall.value = facts.share;
  fillText(section, '[data-share]', shares.format(facts.share));
  fillText(section, '[data-records]', numbers.format(facts.records));
  fillText(section, '[data-requests]', numbers.format(facts.requests));
  fillText(section, '[data-links]', facts.links.total === 0 ? '' : countOf(facts.links, words));
  const elapsed = section.querySelector('[data-elapsed]');
  if (elapsed && facts.startedAt) elapsed.dataset.elapsed = facts.startedAt;
  drawElapsed(section);
  drawSteps(section, facts);
  for (const type of facts.types) drawType(section, type, words);
}

function drawElapsed(section) {
  const element = section.querySelector('[data-elapsed]');
  if (!element || element.dataset.elapsed === '') return;
  const seconds = Math.max(0, Math.floor((now() - new Date(element.dataset.elapsed).getTime()) / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (parts[0] === 0) parts.shift();
  setText(
    element,
    parts.map((part, n) => (n === 0 ? String(part) : String(part).padStart(2, '0'))).join(':'),
  );
}

function drawSteps(section, facts) {
  const steps = [...section.querySelectorAll('[data-phase]')];
  const at = facts.state === 'running' ? steps.findIndex((step) => step.dataset.phase === facts.phase) : -1;
  for (const [n, step] of steps.entries()) {
    step.dataset.step = n < at ? 'over' : n === at ? 'now' : 'ahead';
    if (n === at) step.setAttribute('aria-current', 'step');
    else step.removeAttribute('aria-current');
  }
}

function drawType(section, type, words) {
  const list = section.querySelector('[data-types]');
  if (!list) return;
  const row =
    [...list.children].find((one) => one.dataset.type === type.objectType) ??
    addRow(section, list, type, words);
  row.dataset.state = type.state;
  fillText(row, '[data-word]', words[type.state]);
  fillText(row, '[data-count]', countOfType(type, words));
  const reason = row.querySelector('[data-reason]');
  setText(reason, type.reason ?? '');
  reason.hidden = type.reason === null;
  const bar = row.querySelector('[data-bar]');
  if (type.state === 'done') setBar(bar, 1, 1);
  else if (type.total > 0) setBar(bar, type.total, Math.min(type.done, type.total));
  else if (type.state === 'running' && type.total === null) bar.removeAttribute('value');
  else setBar(bar, 1, 0);
}

function addRow(section, list, type, words) {
  const row = section.querySelector('[data-new-type]').content.firstElementChild.cloneNode(true);
  const name = type.label ?? fill(words.custom, { name: type.objectType });
  row.dataset.type = type.objectType;
  fillText(row, '[data-name]', name);
  row.querySelector('[data-bar]').setAttribute('aria-label', name);
  list.append(row);
  return row;
}

function countOfType(type, words) {
  if (type.state === 'waiting' || type.state === 'skipped') return '';
  const isOpen = type.total === null || type.total < type.done || type.state === 'done';
  return isOpen ? fill(words.read, { done: numbers.format(type.done) }) : countOf(type, words);
}

function countOf({ done, total }, words) {
  return fill(words.of, { done: numbers.format(done), total: numbers.format(total) });
}

function setBar(bar, max, value) {
  bar.max = max;
  bar.value = value;
}

function fill(pattern, values) {
  return pattern.replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
}

function fillText(within, selector, text) {
  const element = within.querySelector(selector);
  if (element) setText(element, text);
}

// Writing the same words again would be read out again.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function offerCopy(box) {
  const input = box.querySelector('[data-copy-from]');
  const button = box.querySelector('[data-copy-button]');
  input.addEventListener('focus', () => input.select());
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      return; // the link is selected; the keyboard copies it
    }
    setText(button, box.dataset.copy);
    setText(box.querySelector('[data-copy-status]'), box.dataset.copy);
  });
}

// The demo portal's own time, week by week until it is today: told in words and a bar; what the page shows stays until somebody asks.
function watchDemo(section) {
  const words = JSON.parse(section.dataset.words);
  const every = Number(section.dataset.every);
  const offer = section.querySelector('[data-demo-offer]');
  const { shown } = section.dataset;

  const drawDemo = (demo) => {
    // The day in the words stays: it is that of what the page shows.
    fillText(section, '[data-demo-words]', sentence(demo));
    const bar = section.querySelector('[data-demo-share]');
    bar.value = demo.share;
    bar.hidden = !demo.isLiving;
    if (!demo.isLiving) setText(offer, words.arrived);
    offer.hidden = demo.dataAt === null || demo.dataAt === shown;
  };
  const sentence = (demo) => {
    const lived = fill(words.living, {
      done: numbers.format(demo.weeks.done),
      total: numbers.format(demo.weeks.total),
    });
    if (demo.secondsLeft === null) return `${lived}.`;
    const minutes = numbers.format(Math.ceil(demo.secondsLeft / 60));
    return `${lived}, ${demo.secondsLeft < 60 ? words.soon : fill(words.minutes, { minutes })}.`;
  };
  const ask = async () => {
    let demo = null;
    try {
      const answer = await fetch('/api/progress', {
        headers: { accept: 'application/json' },
        cache: 'no-store',
      });
      if (answer.status === 401) return;
      demo = answer.ok ? (await answer.json()).demo : null;
    } catch {
      // The next asking may find it again.
    }
    if (demo) drawDemo(demo);
    if (demo?.isLiving !== false) setTimeout(() => void ask(), document.hidden ? 15_000 : every);
  };
  setTimeout(() => void ask(), every);
}
