// Plain line icons, 20 by 20.

const SHAPES = {
  home: "M3 9.2 10 3l7 6.2V17h-4.5v-4.5h-5V17H3z",
  views: "M3 4h14v9H8l-4 3.5V13H3z M6 7h8 M6 10h5",
  customers: "M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10z M3.8 17c.4-3.4 2.9-5 6.2-5s5.800 1.600 6.200 5",
  organizations: "M4 17V4h7v13 M11 8h5v9 M6.500 7h2 M6.500 10h2 M6.500 13h2 M2.500 17h15",
  reports: "M3 17h14 M5 17v-6h2.500v6 M9 17V6h2.500v11 M13 17v-8h2.500v8",
  admin:
    "M10 12.600a2.600 2.600 0 1 0 0-5.200 2.600 2.600 0 0 0 0 5.200z M10 3v2 M10 15v2 M3 10h2 M15 10h2 M5 5l1.500 1.500 M13.500 13.500 15 15 M15 5l-1.500 1.500 M6.500 13.500 5 15",
  search: "M8.800 14.200a5.400 5.400 0 1 0 0-10.800 5.400 5.400 0 0 0 0 10.800z M13 13l4 4",
  bell: "M5 14V9a5 5 0 0 1 10 0v5l1.200 1.500H3.800z M8.500 17.500h3",
  phone: "M4 4h3l1.500 4-2 1.400a9 9 0 0 0 4.100 4.100l1.400-2 4 1.500v3c-7 .5-12.500-5-12-12z",
  grid: "M4 4h3v3H4z M8.500 4h3v3h-3z M13 4h3v3h-3z M4 8.500h3v3H4z M8.500 8.500h3v3h-3z M13 8.500h3v3h-3z M4 13h3v3H4z M8.500 13h3v3h-3z M13 13h3v3h-3z",
  plus: "M10 4v12 M4 10h12",
  close: "M5 5l10 10 M15 5 5 15",
  chevron: "M7 4l6 6-6 6",
  person: "M10 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M4 16.500c.5-3.200 2.800-4.700 6-4.700s5.500 1.500 6 4.700",
  apps: "M4 4h5v5H4z M11 4h5v5h-5z M4 11h5v5H4z M13.500 11v5 M11 13.500h5",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z M10 6v4l3 2",
  file: "M5 3h6l4 4v10H5z M11 3v4h4",
  download: "M10 3v9 M6 8.500l4 4 4-4 M4 16.500h12",
};

/** An icon by name, drawn in the current text colour. */
export function icon(name, size = 20) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 20 20", width: size, height: size, fill: "none", stroke: "currentColor",
    "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  })) svg.setAttribute(key, value);
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}
