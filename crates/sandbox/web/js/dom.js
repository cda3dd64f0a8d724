// Building elements. Text only ever enters the page as text nodes, so nothing needs escaping.

/** An element: `el("button.primary", {onclick, title}, "text", child, …)`. Null children are left out. */
export function el(selector, properties = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length > 0) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Replaces all children. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** `n` with Spanish thousands. */
export function number(n) {
  return new Intl.NumberFormat("es-MX").format(n);
}

/** The initials of a name, for avatars. */
export function initials(name) {
  return name.split(" ").slice(0, 2).map((word) => word[0]).join("").toUpperCase();
}
