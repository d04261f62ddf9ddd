/** The icons of the element: 20 by 20, strokes in the text colour, hidden from assistive technology. */

import { draw, zoneIcons } from './zone-icons.js';

export const icons = {
  ...zoneIcons,
  pause: draw('<path d="M7.2 5v10M12.8 5v10" />'),
  resume: draw('<path d="m7 4.8 8 5.2-8 5.2z" />'),
  close: draw('<path d="m5.5 5.5 9 9m0-9-9 9" />'),
  file: draw(
    '<path d="M11.5 3H6.3A1.3 1.3 0 0 0 5 4.3v11.4A1.3 1.3 0 0 0 6.3 17h7.4A1.3 1.3 0 0 0 15 15.7V6.5zm0 0v3.5H15" />',
  ),
  image: draw(
    '<path d="M4.3 3.5h11.4a.8.8 0 0 1 .8.8v11.4a.8.8 0 0 1-.8.8H4.3a.8.8 0 0 1-.8-.8V4.3a.8.8 0 0 1 .8-.8zm-.8 10 4-4 7 7M12.5 7.3v.2" />',
  ),
  video: draw(
    '<path d="M3.3 5h9.4a.8.8 0 0 1 .8.8v8.4a.8.8 0 0 1-.8.8H3.3a.8.8 0 0 1-.8-.8V5.8a.8.8 0 0 1 .8-.8zm10.2 4 4-2.5v7l-4-2.5" />',
  ),
  audio: draw('<path d="M7.5 14.5V5l8-1.5V13" /><circle cx="5.5" cy="14.5" r="2" /><circle cx="13.5" cy="13" r="2" />'),
  archive: draw('<path d="M3 3.5h14v4H3zm1 4h12v9H4zM8.5 10.5h3" />'),
  grip: draw('<path d="M7 5v.01M13 5v.01M7 10v.01M13 10v.01M7 15v.01M13 15v.01" />'),
  next: draw('<path d="M5 3.5h10M10 16.5V7.3m0 0-4 4m4-4 4 4" />'),
  check: draw('<path d="m5 10.5 3.5 3.5L15 6.5" />'),
} as const;

export type IconName = keyof typeof icons;
