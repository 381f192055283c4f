type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** An element with attributes and content. An attribute that is null, undefined or false is left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...content);
  return element;
}

/** A button that says what it does. */
export function button(text: string, title: string, onClick: () => void, className = ''): HTMLButtonElement {
  const element = h('button', { type: 'button', title, class: className }, text);
  if (text.length < 3) element.setAttribute('aria-label', title);
  element.addEventListener('click', onClick);
  return element;
}
