/** The icons, drawn on a 24 by 24 grid with strokes of one width. */
export const ICONS = {
  active: 'M3 12h4l3-8 4 16 3-8h4',
  idle: 'M9 5v14M15 5v14',
  away: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
  crashed: 'M13 2 5 13.5h6L10 22l9-12.5h-6.5z',
  out_of_memory: 'M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4',
  failing: 'M12 4 2.5 20h19zM12 10v4.5M12 17.3v.1',
  running: 'M7 4.5v15l12-7.5z',
  save: 'M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19l-4 1zM14 7l3 3',
  build: 'M14 6l-9.5 9.5a2.1 2.1 0 0 0 3 3L17 9M12 4l4-1.5 6 6-2.5 2.5-1.5-1.5-2 .5-2-2 .5-2z',
  run: 'M4 5h16v14H4zM7.5 9.5l3 2.5-3 2.5M12.5 15H16',
  stopped: 'M6 6h12v12H6z',
  delete: 'M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5',
  move: 'M4 12h15M13 6l6 6-6 6',
  gap: 'M3 12h3M10 12h1.5M15.5 12h1M20 12h1M12 4v.1M12 20v.1',
  identity: 'M12 3l8 3v6c0 4.5-3.3 7.5-8 9-4.7-1.5-8-4.5-8-9V6zM12 8.5v4M12 15.7v.1',
  cell: 'M5 4h14v16H5zM9 4v16M12 9h4M12 13h4',
  helper:
    'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2',
  unknown: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  check: 'M4.5 12.5l5 5 10-11',
  cross: 'M6 6l12 12M18 6L6 18',
  chevron: 'M9 5l7 7-7 7',
  back: 'M15 5l-7 7 7 7',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21',
  auto: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  dark: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
  sign_out: 'M10 4H5v16h5M10 12h10M16 8l4 4-4 4',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  fold: 'M8 9l4-4 4 4M8 15l4 4 4-4',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M15.5 4.3a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .8 3.2 2.6 3.5 5.5',
} as const;

export type IconName = keyof typeof ICONS;
