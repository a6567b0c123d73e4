'use strict';
/* The little that htmx cannot do: times that go on, a stream that rests while nobody looks, copying. */
(() => {
  const language = document.documentElement.lang || 'en';
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'narrow' });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
  // The server's clock, so that a wrong one here does not make a step last for hours.
  const here = Number(document.documentElement.dataset.now);
  const skew = here ? Date.now() - here : 0;

  function ago(then, now) {
    const seconds = Math.round((then - now) / 1000);
    for (const [unit, size] of units) {
      if (Math.abs(seconds) >= size || unit === 'second') {
        return relative.format(Math.trunc(seconds / size), unit);
      }
    }
  }

  function lasting(milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const say = (pattern, first, second) => pattern.replace('{0}', first).replace('{1}', second);
    const patterns = document.documentElement.dataset;
    if (seconds < 60) return say(patterns.seconds, seconds);
    if (seconds < 3600) return say(patterns.minutes, Math.floor(seconds / 60), seconds % 60);
    return say(patterns.hours, Math.floor(seconds / 3600), Math.floor(seconds % 3600 / 60));
  }

  function tick() {
    if (document.hidden) return;
    const now = Date.now() - skew;
    for (const time of document.querySelectorAll('time[data-ago]')) {
      const then = Date.parse(time.dateTime);
      const text = ago(then, now);
      if (time.textContent !== text) time.textContent = text;
      if (!time.title) time.title = exact.format(then);
    }
    for (const time of document.querySelectorAll('[data-since]')) {
      const text = lasting(now - Number(time.dataset.since));
      if (time.textContent !== text) time.textContent = text;
    }
    for (const time of document.querySelectorAll('[data-until]')) {
      const left = Number(time.dataset.until) - now;
      time.hidden = left < 1000;
      const slot = time.querySelector('b');
      if (slot) slot.textContent = lasting(left);
    }
  }
  tick();
  setInterval(tick, 1000);
  document.addEventListener('htmx:afterSettle', tick);
  document.addEventListener('htmx:sseMessage', tick);

  // One stream per page; closed while the page is hidden, opened again when it is seen.
  const streams = new Set();
  if (window.htmx) {
    htmx.createEventSource = url => {
      const stream = new EventSource(url, { withCredentials: true });
      streams.add(stream);
      return stream;
    };
    document.addEventListener('htmx:sseClose', event => streams.delete(event.detail.source));
    document.addEventListener('htmx:sseError', event => {
      if (event.detail.source && event.detail.source.readyState === EventSource.CLOSED) streams.delete(event.detail.source);
    });
    document.addEventListener('visibilitychange', () => {
      for (const stream of [...streams]) {
        if (document.hidden) {
          stream.close();
        } else if (stream.readyState === EventSource.CLOSED) {
          streams.delete(stream);
          stream.onerror(new Event('error'));
        }
      }
      tick();
    });
  }

  // The streams do not know which component or step this page looks at.
  function choose() {
    const board = document.getElementById('board');
    if (!board) return;
    for (const node of document.querySelectorAll('.node')) {
      const chosen = node.id === 'node-' + board.dataset.chosen;
      node.classList.toggle('chosen', chosen);
      if (chosen) node.setAttribute('aria-current', 'true'); else node.removeAttribute('aria-current');
    }
    for (const step of document.querySelectorAll('.timeline > li')) {
      step.classList.toggle('chosen', step.dataset.step === board.dataset.step);
    }
  }
  document.addEventListener('htmx:afterSettle', choose);
  document.addEventListener('htmx:sseMessage', choose);

  // A picture too big for its box begins at what is looked at, else at what is wrong.
  for (const box of document.querySelectorAll('.topology-box')) {
    const node = box.querySelector('.node.chosen') || box.querySelector('.node.t-bad') || box.querySelector('.node');
    if (!node || (box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight)) continue;
    const at = node.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    box.scrollTo(at.left - frame.left - (frame.width - at.width) / 2, at.top - frame.top - (frame.height - at.height) / 2);
  }

  // A log follows its end until somebody scrolls up.
  function follow(log) {
    if (log.dataset.left !== 'true') log.scrollTop = log.scrollHeight;
  }
  document.addEventListener('scroll', event => {
    const log = event.target;
    if (log.classList && log.classList.contains('log')) {
      log.dataset.left = String(log.scrollHeight - log.scrollTop - log.clientHeight > 24);
    }
  }, true);
  document.addEventListener('htmx:afterSettle', () => document.querySelectorAll('.log').forEach(follow));
  document.querySelectorAll('.log').forEach(follow);

  // The log of a component. Its lines come as data and are written as text, never as markup; the oldest go when there are many.
  const componentLog = document.getElementById('component-log');
  if (componentLog) showLog(componentLog);

  function showLog(log) {
    const most = 5000;
    const state = document.getElementById('log-state');
    const pause = document.getElementById('log-pause');
    const search = document.getElementById('log-search');
    const count = document.getElementById('log-count');
    let stream = null;
    let last = '';
    let paused = false;
    let ended = false;
    let wanted = search.value.toLowerCase();

    const tell = word => {
      state.textContent = log.dataset[word];
      state.dataset.state = word;
    };
    const piece = (tag, style, text) => {
      const element = document.createElement(tag);
      element.className = style;
      element.textContent = text;
      return element;
    };
    const fits = line => !wanted || line.textContent.toLowerCase().includes(wanted);

    function line(row) {
      const line = piece('div', 'line', '');
      line.dataset.kind = row.kind;
      const time = piece('time', '', row.clock);
      if (row.at) time.title = row.at;
      const pod = piece('span', 'pod', row.pod.length > 18 ? row.pod.slice(row.pod.lastIndexOf('-') + 1) : row.pod);
      pod.title = row.pod;
      const said = piece('span', 'said ' + (row.kind === 'text' ? '' : row.kind), '');
      for (const span of row.spans) {
        said.append(span.style ? piece('span', span.style, span.text) : span.text);
      }
      if (row.cut) said.append(piece('span', 'cut', row.cut));
      line.append(time, pod, said);
      line.hidden = !fits(line);
      return line;
    }

    function counted() {
      const all = log.childElementCount;
      const shown = wanted ? log.querySelectorAll(':scope > :not([hidden])').length : all;
      count.textContent = log.dataset.count.replace('{0}', shown).replace('{1}', all);
    }

    function add(rows) {
      const fresh = document.createDocumentFragment();
      rows.forEach(row => fresh.append(line(row)));
      log.append(fresh);
      while (log.childElementCount > most) log.firstElementChild.remove();
      follow(log);
      counted();
    }

    function close() {
      if (stream) stream.close();
      stream = null;
    }

    function open() {
      if (stream || paused || ended || document.hidden) return;
      const address = log.dataset.stream;
      const opened = new EventSource(last ? address + (address.includes('?') ? '&' : '?') + 'after=' + encodeURIComponent(last) : address);
      stream = opened;
      opened.addEventListener('open', () => tell('live'));
      opened.addEventListener('lines', event => {
        if (stream !== opened) return;
        if (event.lastEventId) last = event.lastEventId;
        add(JSON.parse(event.data));
      });
      opened.addEventListener('end', () => {
        ended = true;
        close();
        pause.hidden = true;
        tell('ended');
      });
      opened.addEventListener('error', () => {
        if (stream !== opened) return;
        tell('lost');
        if (opened.readyState === EventSource.CLOSED) {
          close();
          setTimeout(open, 3000);
        }
      });
    }

    pause.hidden = false;
    pause.addEventListener('click', () => {
      paused = !paused;
      pause.textContent = paused ? pause.dataset.resume : pause.dataset.pause;
      pause.setAttribute('aria-pressed', String(paused));
      if (paused) {
        close();
        tell('paused');
      } else {
        tell('opening');
        open();
      }
    });
    search.addEventListener('input', () => {
      wanted = search.value.toLowerCase();
      for (const line of log.children) line.hidden = !fits(line);
      counted();
      follow(log);
    });
    document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
    window.addEventListener('pagehide', close);
    for (const choice of document.querySelectorAll('#log-tools select, #log-tools input[type=checkbox]')) {
      choice.addEventListener('change', () => choice.form.requestSubmit());
    }
    open();
  }

  document.addEventListener('click', event => {
    const button = event.target.closest('[data-copy]');
    if (!button || !navigator.clipboard) return;
    navigator.clipboard.writeText(button.dataset.copy).then(() => {
      const said = button.textContent;
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = said; }, 1600);
    });
  });

  // A link that acts as a button answers to the space bar as buttons do.
  document.addEventListener('keydown', event => {
    if (event.key === ' ' && event.target.matches('a[role=button]')) {
      event.preventDefault();
      event.target.click();
    }
  });

  // Rows of a form: one more like the last, empty; or one less.
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-add], [data-remove]');
    if (!button) return;
    const rows = button.closest('fieldset').querySelector('[data-rows]');
    const clear = row => row.querySelectorAll('input, textarea, select').forEach(field => { field.value = ''; });
    if (button.hasAttribute('data-add')) {
      const row = rows.lastElementChild.cloneNode(true);
      clear(row);
      rows.append(row);
      row.querySelector('input, textarea, select').focus();
      return;
    }
    const row = button.closest('[data-row]');
    if (rows.children.length > 1) row.remove(); else clear(row);
    rows.dispatchEvent(new Event('input', { bubbles: true }));
    button.isConnected || rows.parentElement.querySelector('[data-add]').focus();
  });

  // A problem leads to its line of the text being edited.
  document.addEventListener('click', event => {
    const link = event.target.closest('a[data-line]');
    const area = document.getElementById('document');
    if (!link || !area || area.tagName !== 'TEXTAREA') return;
    event.preventDefault();
    const lines = area.value.split('\n');
    const line = Math.min(Number(link.dataset.line), lines.length);
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + lines[line - 1].length);
    area.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(area).lineHeight));
  });

  // What a problem of a form links to may be folded away.
  document.addEventListener('click', event => {
    const link = event.target.closest('a[href^="#f-"]');
    const field = link && document.getElementById(link.getAttribute('href').slice(1));
    if (!field) return;
    event.preventDefault();
    const group = field.closest('details');
    if (group) group.open = true;
    (field.matches('input, select, textarea') ? field : field.querySelector('input, select, textarea')).focus();
  });

  for (const gutter of document.querySelectorAll('[data-lines-of]')) {
    const area = document.getElementById(gutter.dataset.linesOf);
    const number = () => {
      let count = 1;
      for (let at = area.value.indexOf('\n'); at >= 0; at = area.value.indexOf('\n', at + 1)) count++;
      if (gutter.dataset.count === String(count)) return;
      gutter.dataset.count = count;
      gutter.textContent = Array.from({ length: count }, (none, index) => index + 1).join('\n') + '\n\n';
    };
    number();
    area.addEventListener('input', number);
    area.addEventListener('scroll', () => { gutter.scrollTop = area.scrollTop; });
  }

  // A panel that is kept up to date leaves what somebody is writing in it.
  document.addEventListener('htmx:beforeSwap', event => {
    if (event.detail.target.id !== 'component') return;
    const written = [...event.detail.target.querySelectorAll('input[id]')]
      .filter(field => field.value !== field.defaultValue)
      .map(field => [field.id, field.value]);
    if (!written.length) return;
    document.addEventListener('htmx:afterSwap', () => {
      for (const [id, value] of written) {
        const field = document.querySelector(`#component #${CSS.escape(id)}`);
        if (field) field.value = value;
      }
    }, { once: true });
  });

  // Another language shows what is shown now, also after a part of the page was exchanged.
  document.addEventListener('htmx:pushedIntoHistory', event => {
    for (const link of document.querySelectorAll('.languages a')) {
      const address = new URL(event.detail.path, location.href);
      address.searchParams.set('lang', link.lang);
      link.href = address.pathname + address.search;
    }
  });

  // Refused fragments are shown, not swallowed: they name what is wrong and what to do.
  document.addEventListener('htmx:beforeSwap', event => {
    if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader('Content-Type')?.startsWith('text/html')) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
})();
