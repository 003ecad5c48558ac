'use strict';
// The map: what its parts share stands in `cg`. Text from data reaches the page by textContent alone.
const cg = {};
cg.$ = (id) => document.getElementById(id);
// An element with attributes and children; children that are text stay text.
cg.el = (name, attributes, ...children) => {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === true) e.setAttribute(key, '');
    else if (value !== false && value != null) e.setAttribute(key, value);
  }
  e.append(...children.filter((c) => c != null));
  return e;
};
