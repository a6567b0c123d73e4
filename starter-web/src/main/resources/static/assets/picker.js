'use strict';
/* Fields for the name of a branch or a tag: they offer what the git server has, found there while somebody types. */
(() => {
  const all = part => part.querySelectorAll('input[data-refs]:not([role])').forEach(offer);
  all(document);
  document.addEventListener('htmx:load', event => all(event.detail.elt));

  function offer(field) {
    const [opener, box] = [field.nextElementSibling, field.nextElementSibling.nextElementSibling];
    const asking = box.firstElementChild;
    const options = () => [...box.querySelectorAll('[role=option]')];
    const chosen = () => box.querySelector('[aria-selected=true]');
    let request = null;
    let timer = 0;
    let refused = false;

    field.setAttribute('role', 'combobox');
    field.setAttribute('aria-autocomplete', 'list');
    field.setAttribute('aria-expanded', 'false');
    opener.hidden = false;

    function close() {
      clearTimeout(timer);
      if (request) request.abort();
      box.hidden = true;
      field.setAttribute('aria-expanded', 'false');
      field.removeAttribute('aria-activedescendant');
    }

    /** @param text that the names hold */
    async function ask(text) {
      const address = new URL(field.dataset.refs, location.href);
      const repository = document.getElementById(field.dataset.urlField);
      if (repository) {
        if (!repository.value.trim()) {
          close();
          return;
        }
        address.searchParams.set('url', repository.value.trim());
      }
      address.searchParams.set('q', text);
      if (request) request.abort();
      const mine = request = new AbortController();
      if (box.hidden) box.replaceChildren(asking);
      box.hidden = false;
      field.setAttribute('aria-expanded', 'true');
      try {
        const answer = await fetch(address, { signal: mine.signal });
        const part = new DOMParser().parseFromString(await answer.text(), 'text/html');
        box.replaceChildren(...part.body.childNodes);
        refused = !!box.querySelector('.problem');
        const list = box.querySelector('[role=listbox]');
        field.removeAttribute('aria-activedescendant');
        if (!list) return;
        list.id = field.id + '-choices';
        field.setAttribute('aria-controls', list.id);
        options().forEach((option, index) => { option.id = list.id + '-' + index; });
      } catch (e) {
        if (request === mine) close();
      }
    }

    function mark(option) {
      if (chosen()) chosen().setAttribute('aria-selected', 'false');
      option.setAttribute('aria-selected', 'true');
      option.scrollIntoView({ block: 'nearest' });
      field.setAttribute('aria-activedescendant', option.id);
    }

    function choose(option) {
      field.value = option.dataset.value;
      close();
      field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }));
      field.focus();
    }

    // For a mouse; keys have the arrows. What is there now names a branch most often: all are offered, not only those of that name.
    opener.addEventListener('click', () => {
      field.focus();
      if (box.hidden) ask(''); else close();
    });
    field.addEventListener('input', event => {
      if (event.inputType === 'insertReplacementText') return;
      clearTimeout(timer);
      // A refused login that is tried at each key press locks people out.
      if (refused && !box.hidden) return;
      timer = setTimeout(() => ask(field.value), 150);
    });
    field.addEventListener('keydown', event => {
      if (event.key === 'Escape' && !box.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === 'Enter' && !box.hidden && chosen()) {
        event.preventDefault();
        choose(chosen());
      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (box.hidden) {
          ask('');
          return;
        }
        const all = options();
        if (!all.length) return;
        const step = event.key === 'ArrowDown' ? 1 : -1;
        const at = all.indexOf(chosen());
        mark(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
      }
    });
    opener.addEventListener('mousedown', event => event.preventDefault());
    box.addEventListener('mousedown', event => {
      if (!event.target.closest('a')) event.preventDefault();
    });
    box.addEventListener('click', event => {
      const option = event.target.closest('[role=option]');
      if (option) choose(option);
    });
    field.parentElement.addEventListener('focusout', event => {
      if (!field.parentElement.contains(event.relatedTarget)) close();
    });
  }
})();
